import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// 怎样发送：实现它就能用自己的 HTTP 库 · How requests leave: implement it over your own HTTP library.
///
/// 规则 · The rules: POST；`body` 原样 byte for byte；不重定向 no redirects；不自行重试 no retries of its own；应答只要来了，
/// 不论状态都返回 an answer is returned whatever its status；没有应答抛 ``NoAnswer`` · none throws ``NoAnswer``.
public protocol Transport: Sendable {
    func send(_ request: Request) async throws -> Answer
}

/// 一个应答 · An answer.
public struct Answer: Sendable, CustomStringConvertible {
    public let status: Int
    public let body: Data

    public init(status: Int, body: Data) {
        self.status = status
        self.body = body
    }

    public var description: String { "Answer(\(status), \(body.count) bytes)" }
}

/// 没有应答 · There was no answer.
public struct NoAnswer: Error, CustomStringConvertible {
    /// 确实没有发出才为真：连接被拒、名称查不到 · True only if it surely did not leave.
    public let notSent: Bool
    public let reason: String

    public init(notSent: Bool, reason: String) {
        self.notSent = notSent
        self.reason = reason
    }

    public var description: String { reason }
}

/// 要发送的请求 · A request to be sent; always a POST.
public struct Request: Sendable, CustomStringConvertible, CustomReflectable {
    public let url: String
    /// 名与值；名称的大小写不要改 · Names and values; keep the names' spelling.
    public let headers: [(name: String, value: String)]
    public let body: Data

    /// What the core tells: the address and the headers, a line each.
    init(head: String, body: Data) {
        let lines = head.split(separator: "\n", omittingEmptySubsequences: false)
        url = String(lines[0])
        headers = lines.dropFirst().map { line in
            guard let colon = line.range(of: ": ") else { return (String(line), "") }
            return (String(line[..<colon.lowerBound]), String(line[colon.upperBound...]))
        }
        self.body = body
    }

    /// 给 `URLSession` 的请求：地址、头、内容都原样 · For `URLSession`: address, headers and body as they were signed.
    ///
    /// - Throws: ``NnopenError/usage(_:)`` 地址不能原样表示时 · if Foundation would write the address otherwise.
    public func urlRequest() throws -> URLRequest {
        guard let address = URL(string: url), address.absoluteString == url else {
            throw NnopenError.usage(Failure(kind: "usage", describe: "the service's address is no URL"))
        }
        var built = URLRequest(url: address, cachePolicy: .reloadIgnoringLocalCacheData)
        built.httpMethod = "POST"
        built.httpShouldHandleCookies = false
        // `setValue` writes `accessToken` as `Accesstoken` on Linux.
        built.allHTTPHeaderFields = Dictionary(headers.map { ($0.name, $0.value) }) { _, last in last }
        built.httpBody = body
        return built
    }

    /// 不含查询串、请求头与内容 · Without query, headers and body.
    public var description: String { "POST \(url.prefix { $0 != "?" }) (\(body.count) bytes)" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
