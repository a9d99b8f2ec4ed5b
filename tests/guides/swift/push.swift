enum CLASS {
    protocol Queue {
        func add(_ orderNo: String?)
    }

    static func take(contentType: String?, body: Data, queue: any Queue) throws -> String {
        // BLOCK
    }
}
