enum CLASS {
    static func hand(_ url: String, _ headers: [(name: String, value: String)], _ body: String) {}

    static func run(client: Client, endpoint: API.Invoicing.RequestBillingNew, time: any TimeSource) throws {
        // BLOCK
    }
}
