import Glibc
import OperatingCharacteristics

/// `Scripts/bench analysis`: how often the product's comparison and other rules are wrong, over simulated rollouts.
///
/// Exits with 1 when a limit is exceeded, 64 for arguments it does not know, 74 when it cannot write.
@main
enum AnalysisBench {
    static func main() async {
        let options: Options
        switch Options.parsed(from: CommandLine.arguments.dropFirst()) {
        case .success(let parsed): options = parsed
        case .failure(let failure): stop(failure, status: 64)
        }
        let (sections, limits, picture) = await measured(options)
        let tables = sections.map(\.text).joined(separator: "\n\n")
        print(tables + "\n")
        print(limits.section.text)
        let stored = sections + [limits.filter(\.isStored).section]
        if let folder = options.folder {
            do {
                try Documentation(folder: folder).store(
                    stored.map(\.text).joined(separator: "\n\n"),
                    picture: picture.svg
                )
            } catch {
                stop(error, status: 74)
            }
        }
        exit(limits.allSatisfy(\.holds) ? 0 : 1)
    }

    /// Everything that is measured, with its progress on standard error.
    private static func measured(_ options: Options) async -> ([Section], [Limit], Picture) {
        let trials = Trials(seed: options.seed, threads: options.threads)
        let progress = Progress()
        progress.say("rollouts under \(Candidate.all.count) rules")
        let survey = await Survey(runs: Survey.Runs(exact: options.runs), by: trials)
        progress.say("regressions held at 10 %")
        let rough = max(1, options.runs / 10)
        let day = await Detection(of: .tidegateAfterADay, runs: rough, by: trials)
        let hour = await Detection(of: .tidegate, runs: rough, by: trials)
        progress.say("endless looks")
        let endless = await EndlessLooks(of: .tidegate, runs: options.runs, by: trials)
        progress.say("one decision")
        let decision = Limit.decision(nanoseconds: DecisionTime.medianNanoseconds())
        progress.say("done")
        return (
            survey.sections + [day.section(beside: hour), endless.section],
            survey.limits + [endless.limit, day.limit, decision],
            Picture(survey)
        )
    }

    private static func stop(_ failure: BenchFailure, status: Int32) -> Never {
        StandardError.print("error: \(failure.what)\nhint: \(failure.hint)")
        exit(status)
    }
}

/// Why the bench cannot go on.
struct BenchFailure: Error {
    var what: String
    var hint: String
}

/// What is being measured, and since when.
private struct Progress {
    private let clock = ContinuousClock()
    private let began = ContinuousClock().now

    func say(_ what: String) {
        let seconds = (clock.now - began).components.seconds
        StandardError.print("analysis-bench: \(seconds) s: \(what)")
    }
}

private enum StandardError {
    static func print(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // There is nowhere to say that this failed.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
