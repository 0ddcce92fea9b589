import ArgumentParser
import SessionService
@main struct Main { static func main() {} }
