enum CLASS {
    static func show(_ path: String, _ message: String, _ explanations: [Explanation]?) {}

    static func run(order: API.Invoicing.RequestBillingNew.Order) throws {
        // BLOCK
        _ = totals
    }
}
