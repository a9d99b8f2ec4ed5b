enum CLASS {
    typealias Issue = API.Invoicing.RequestBillingNew

    static func run(client: Client, order: Issue.Order) async throws {
        // BLOCK
    }
}
