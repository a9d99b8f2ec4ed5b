struct CLASS {
    protocol Http: Sendable {
        func post(_ url: String, _ headers: [(name: String, value: String)], _ body: Data) async throws -> (status: Int, bytes: Data)
    }

    // BLOCK
}
