import Testing

@testable import StateStores

@Suite("The file system under a store")
struct FileSystemKindTests {
    private static let mounts = """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        30 21 0:25 / /mnt/team\\040share rw - nfs4 server:/team rw
        31 30 0:26 / /mnt/team\\040share/local rw - tmpfs tmpfs rw
        32 21 0:27 / /home/ada/far rw shared:3 master:2 - fuse.sshfs ada@far: rw
        33 21 0:28 / /data rw - xfs /dev/sdb rw
        34 21 0:29 / /data rw - ceph mon:/ rw
        not a line of the table
        """

    @Test(
        "is the one of the deepest mount, and of two at one place the later",
        arguments: [
            ("/", "ext4"), ("/var/lib", "ext4"), ("/mnt/team share", "nfs4"), ("/mnt/team share/a", "nfs4"),
            ("/mnt/team share/local/b", "tmpfs"), ("/mnt/team sharetoo", "ext4"),
            ("/home/ada/far/x", "fuse.sshfs"),
            ("/data", "ceph"),
        ]
    )
    func deepest(directory: String, type: String) {
        #expect(FileSystemKind.type(of: directory, in: Self.mounts) == type)
    }

    @Test(
        "is refused when it is a network's",
        arguments: ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "lustre", "fuse.sshfs", "fuse.s3fs", "fuse"]
    )
    func network(type: String) { #expect(FileSystemKind.isNetwork(type)) }

    @Test(
        "is accepted when it is this host's",
        arguments: ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "fuse.fuse-overlayfs"]
    )
    func local(type: String) { #expect(!FileSystemKind.isNetwork(type)) }

    @Test("is unknown where the table says nothing")
    func unknown() { #expect(FileSystemKind.type(of: "/x", in: "") == nil) }
}
