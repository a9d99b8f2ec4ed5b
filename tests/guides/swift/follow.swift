enum CLASS {
    static func run(client: Client, orderNo: String, submitted: Int64, now: Int64) async throws {
        // BLOCK
    }
}
