import Assignment
import Glibc

/// `Scripts/bench assign`: what an assignment costs beside a plain C murmur3, and how evenly clients fall.
///
/// Exits with 1 when a limit is exceeded.
@main
enum AssignmentBench {
    static func main() {
        guard Cost.countsAllocations else {
            print("error: the counter does not see memory being asked for")
            exit(1)
        }
        let isWithinLimits = [Cost.report(), Cohorts.report(), Evenness.report()]
        exit(isWithinLimits.allSatisfy { $0 } ? 0 : 1)
    }

    /// An enabled flag at a share, under a salt that is the flag's key.
    static func assigner(by algorithm: HashAlgorithm, salt: String, at share: Percentage = .hundred)
        -> Assigner
    {
        Assigner(
            Allocation(enabled: true, percentage: share, salt: salt, algorithm: algorithm, revision: 1),
            flag: salt
        )
    }
}

/// A number of cells of one width, put to the right.
func row(_ name: String, _ cells: String..., remark: String = "") {
    let name = name + String(repeating: " ", count: max(0, 24 - name.count))
    let cells = cells.map { String(repeating: " ", count: max(0, 14 - $0.count)) + $0 }
    print(name + cells.joined() + (remark.isEmpty ? "" : "   \(remark)"))
}

extension Double {
    /// With two digits after the point.
    var text: String {
        let hundredths = Int((self * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
