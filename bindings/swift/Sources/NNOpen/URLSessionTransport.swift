import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// 用 `URLSession` · Over `URLSession`.
///
/// 每个请求一条新连接：重用的连接断掉时，有的系统会自己重发 · Each request has a connection of its own: where a kept one
/// breaks, some systems send again by themselves. 证书照系统的规则校验 · Certificates are verified by the system's rules.
public struct URLSessionTransport: Transport {
    private let configuration: URLSessionConfiguration
    private let timeout: Duration

    /// - Parameters:
    ///   - configuration: 代理等；cookie、缓存、凭据都关掉 · proxies and such; cookies, caches, credentials are turned off
    ///   - timeout: 从连接到读完应答 · from connecting to the answer's last byte
    public init(configuration: URLSessionConfiguration = .ephemeral, timeout: Duration = .seconds(30)) {
        let own = configuration.copy() as? URLSessionConfiguration ?? .ephemeral
        own.httpCookieStorage = nil
        own.httpCookieAcceptPolicy = .never
        own.httpShouldSetCookies = false
        own.urlCache = nil
        own.urlCredentialStorage = nil
        own.timeoutIntervalForRequest = max(1, Double(timeout.components.seconds) + 5)
        #if !canImport(FoundationNetworking)
            own.waitsForConnectivity = false
        #endif
        self.configuration = own
        self.timeout = timeout
    }

    public func send(_ request: Request) async throws -> Answer {
        let built: URLRequest
        do {
            built = try request.urlRequest()
        } catch {
            throw NoAnswer(notSent: true, reason: "\(error)")
        }
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { try await exchange(built) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw NoAnswer(notSent: false, reason: "no answer within \(timeout)")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }

    private func exchange(_ request: URLRequest) async throws -> Answer {
        let exchange = Exchange()
        let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
        let task = session.dataTask(with: request)
        defer { session.finishTasksAndInvalidate() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Cancelled before it began: nothing leaves.
                if exchange.begins(continuation) { task.resume() }
            }
        } onCancel: {
            task.cancel()
            // A task that was not resumed yet would never tell.
            exchange.end(.failure(CancellationError()))
        }
    }
}

/// One request and its answer. The session's own queue calls it, one call at a time; how it ended may come from elsewhere
/// too, and before anybody waits for it: that alone is under the lock.
private final class Exchange: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let lock = NSLock()
    private var continuation: CheckedContinuation<Answer, any Error>?
    private var ended: Result<Answer, any Error>?
    private var body = Data()
    private var tooLarge = false
    private var answered: HTTPURLResponse?

    private static let largest = 64 * 1024 * 1024

    /// Whether it has still to begin.
    func begins(_ waiting: CheckedContinuation<Answer, any Error>) -> Bool {
        lock.lock()
        defer { lock.unlock() }
        if let ended {
            waiting.resume(with: ended)
            return false
        }
        continuation = waiting
        return true
    }

    /// The first word counts.
    func end(_ outcome: Result<Answer, any Error>) {
        lock.lock()
        defer { lock.unlock() }
        guard ended == nil else { return }
        ended = outcome
        continuation?.resume(with: outcome)
        continuation = nil
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    #if canImport(FoundationNetworking)
        /// Here only a 401 asks, and default handling would never end: what was answered is the answer.
        func urlSession(
            _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
        ) {
            answered = task.response as? HTTPURLResponse
            completionHandler(.cancelAuthenticationChallenge, nil)
        }
    #endif

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        body.append(data)
        if body.count > Exchange.largest {
            tooLarge = true
            dataTask.cancel()
        }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let outcome: Result<Answer, any Error> =
            if tooLarge {
                .failure(NoAnswer(notSent: false, reason: "the answer is too large"))
            } else if let error, answered == nil {
                .failure(noAnswer(error))
            } else if let response = answered ?? task.response as? HTTPURLResponse {
                .success(Answer(status: response.statusCode, body: body))
            } else {
                .failure(NoAnswer(notSent: false, reason: "the answer is no HTTP"))
            }
        end(outcome)
    }

    /// Only where no connection was made did nothing leave.
    private func noAnswer(_ error: any Error) -> NoAnswer {
        let code = (error as? URLError)?.code ?? .unknown
        let notSent: Set<URLError.Code> = [
            .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .serverCertificateUntrusted,
            .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid,
        ]
        return NoAnswer(
            notSent: notSent.contains(code), reason: "URLError \(code.rawValue): \(error.localizedDescription)"
        )
    }
}
