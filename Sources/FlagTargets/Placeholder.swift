package import Assignment
package import Rollout
package import Stepping

package struct FileTargetReader: FlagTargetReading {
    package var identity: String
    package init(path: String, format: FileFormat, flag: String) { identity = path }
    package func read() throws(FlagTargetError) -> Allocation? { nil }
}
package struct FileTarget: FlagTarget {
    package var identity: String
    package init(path: String, format: FileFormat, flag: String, beforeWrite: @escaping @Sendable () -> Void)
    { identity = path }
    package func read() throws(FlagTargetError) -> Allocation? { nil }
    package func carryOut(_ order: PublishOrder) throws(FlagTargetError) -> Allocation? { nil }
    package func probe() throws(FlagTargetError) {}
}
