import PolicyFiles
import Rollout
import Stepping

/// Which rollout a verb is about, as far as its arguments tell.
enum Subject {
    case policy(LoadedPolicy, store: StoreLocation)
    /// A policy file that cannot be used, whose flag and store are plain all the same.
    case unusable(PolicyFile.ReadError, flag: String, store: StoreLocation)
    case flag(String, store: StoreLocation)

    var flag: String {
        switch self {
        case .policy(let loaded, _): loaded.policy.flag
        case .unusable(_, let flag, _), .flag(let flag, _): flag
        }
    }

    var store: StoreLocation {
        switch self {
        case .policy(_, let store), .unusable(_, _, let store), .flag(_, let store): store
        }
    }

    /// The arguments that name this rollout again in the next command.
    func typed(as argument: String, _ state: StateOption) -> String {
        state.path.map { "\(argument) --state \($0)" } ?? argument
    }

    var loaded: LoadedPolicy? {
        guard case .policy(let loaded, _) = self else { return nil }
        return loaded
    }
}

extension Wiring {
    /// Reads a policy file that must be usable.
    func policy(_ path: String) throws(Failure) -> LoadedPolicy {
        do throws(PolicyFile.ReadError) {
            return try PolicyFile.read(path, environment: environment)
        } catch {
            throw Failure(error)
        }
    }

    /// Reads a policy file that must be usable, and says where its rollout's state is.
    func policy(_ path: String, state: StateOption) throws(Failure) -> (LoadedPolicy, StoreLocation) {
        let loaded = try policy(path)
        return (loaded, state.location ?? loaded.policy.store)
    }

    /// Finds out what a verb is about, even where the policy file is broken.
    func subject(_ text: String, state: StateOption) throws(Failure) -> Subject {
        guard text.looksLikePath else {
            guard let store = state.location ?? environmentStore else {
                throw Failure(
                    message: "'\(text)' is a flag's name, and where its state is was not said",
                    hint: "add '--state PATH', or name the policy file instead",
                    status: .usage
                )
            }
            return .flag(text, store: store)
        }
        do throws(PolicyFile.ReadError) {
            let loaded = try PolicyFile.read(text, environment: environment)
            return .policy(loaded, store: state.location ?? loaded.policy.store)
        } catch {
            let outline = PolicyFile.outline(text, environment: environment)
            guard let flag = outline?.flag, let store = state.location ?? outline?.store else {
                throw Failure(error)
            }
            return .unusable(error, flag: flag, store: store)
        }
    }

    /// The store of the environment's `TIDEGATE_STATE`.
    var environmentStore: StoreLocation? {
        environment["TIDEGATE_STATE"].flatMap { $0.isEmpty ? nil : .sqlite(path: $0) }
    }
}

extension StateOption {
    var location: StoreLocation? { path.map { .sqlite(path: $0) } }
}

extension String {
    /// Whether an argument means a policy file rather than a flag.
    var looksLikePath: Bool {
        contains("/") || hasSuffix(".yaml") || hasSuffix(".yml")
    }
}
