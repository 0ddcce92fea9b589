import Testing
@testable import SessionService
