import Rollout

extension Need {
    /// The one line a person is told it by, which is what cron mails.
    func line(flag: String, subject: String) -> String {
        let command = commandLine(subject).map { "; see '\($0)'" } ?? ""
        return "tidegate: \(flag) needs a person: \(text)\(command)"
    }

    /// `tidegate resume POLICY --reassert`: the command as it is typed, where there is one.
    func commandLine(_ subject: String) -> String? {
        guard let command else { return nil }
        let words = command.split(separator: " ", maxSplits: 1)
        return (["tidegate"] + words.prefix(1) + [subject[...]] + words.dropFirst()).joined(separator: " ")
    }
}
