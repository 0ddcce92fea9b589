import ArgumentParser
import SessionService

/// A duration as it is written on the command line: `60s`, `500ms`.
struct DurationArgument: ExpressibleByArgument {
    var duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = Duration(parsing: argument) else { return nil }
        self.init(duration)
    }

    var defaultValueDescription: String { duration.written }
}
