import Commands

@main
struct Program {
    static func main() {
        Tidegate.run()
    }
}
