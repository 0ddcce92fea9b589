import Testing
@testable import ClientSimulation
