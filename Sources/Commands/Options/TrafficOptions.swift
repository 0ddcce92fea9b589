import Analysis
import ArgumentParser
import Rollout

/// The traffic a policy is looked at for, where nothing has been seen yet.
struct TrafficOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Assume this many exposures, of both arms together: 20/s, 300/m or 5000/h.",
            valueName: "rate"
        )
    )
    var traffic: TrafficRate?

    @Option(help: ArgumentHelp("Assume that this share of them fails.", valueName: "percent"))
    var failing = FailingShare(share: 0.005)

    /// A slow, a middling and a busy service, unless one is asked for.
    private static let usual = [1.0, 20, 500]
    /// In minutes.
    private static let day = 24.0 * 60

    /// What is assumed: independent failures, and a day of the control's past.
    var assumed: [ExpectedTraffic] {
        let rates = traffic.map { [$0.perMinute] } ?? Self.usual.map { $0 * 60 }
        return rates.map { rate in
            ExpectedTraffic(
                exposures: rate,
                failing: failing.share,
                known: ArmCount(exposures: rate * Self.day, failures: rate * Self.day * failing.share)
            )
        }
    }
}

/// Exposures in a unit of time, such as `20/s`.
struct TrafficRate: ExpressibleByArgument, Sendable, Equatable {
    var perMinute: Double

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Double(parts[0]), count.isFinite, count > 0, count <= 1e9 else {
            return nil
        }
        switch parts[1] {
        case "s": perMinute = count * 60
        case "m", "min": perMinute = count
        case "h": perMinute = count / 60
        default: return nil
        }
    }
}

/// A share of failures above 0 and below 100 %, such as `0.5%`.
struct FailingShare: ExpressibleByArgument, Sendable, Equatable, CustomStringConvertible {
    /// 0…1.
    var share: Double

    init(share: Double) {
        self.share = share
    }

    init?(argument: String) {
        guard argument.hasSuffix("%"), let percent = Double(argument.dropLast()), percent.isFinite,
            percent >= 1e-6, percent < 100
        else { return nil }
        share = percent / 100
    }

    var description: String { "\(NumberText.decimal(share * 100, places: 6))%" }
    var defaultValueDescription: String { description }
}
