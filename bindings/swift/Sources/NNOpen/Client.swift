import Foundation

/// 诺诺开放平台的客户端 · The client: drives the core over a transport, keeps the token in a store.
///
/// ```swift
/// let client = try Client(Config(appKey: key, appSecret: secret, taxNum: taxNum))
/// let invoices = try await client.settle(API.Invoicing.RequestBillingNew(order: order))
/// ```
///
/// 可以给许多任务共用，一个进程一个就够。取消时正在发送的写操作算“可能已发出”：以后用 `settleAgain` · Safe to share between
/// tasks. A write that is in flight when its task is cancelled may have been sent: settle it again later.
public final class Client: Sendable {
    public let session: Session
    public let transport: any Transport
    public let store: (any TokenStore)?
    public let time: any TimeSource

    /// 令牌在 macOS 与 Linux 上放在文件里，与命令行和其他语言共用；别处只在本客户端里 · On macOS and Linux the token is kept in the
    /// files that the command line and every other language take; elsewhere in this client alone.
    ///
    /// - Throws: ``NnopenError/input(_:)`` 没有主目录时 · if there is no home folder.
    public convenience init(
        _ config: Config, transport: any Transport = URLSessionTransport(), time: any TimeSource = SystemTime()
    ) throws {
        #if os(macOS) || os(Linux)
            let store = config.isPermanent ? nil : FileStore(folder: try FileStore.defaultFolder())
        #else
            let store: FileStore? = nil
        #endif
        try self.init(config, transport: transport, store: store, time: time)
    }

    /// - Parameter store: 令牌放在哪里；nil 则只在本客户端内 · where the token is kept; with nil, in this client alone
    public init(
        _ config: Config,
        transport: any Transport = URLSessionTransport(),
        store: (any TokenStore)?,
        time: any TimeSource = SystemTime()
    ) throws {
        // A permanent token is nothing to share.
        session = try Session(config, shared: store != nil && !config.isPermanent)
        self.transport = transport
        self.store = store
        self.time = time
    }

    /// 调用一次 · Once.
    public func call<E: Endpoint>(_ endpoint: E) async throws -> E.Answered { try await run(session.call(endpoint)) }

    /// 查询，直到有结果 · Asks until there is an answer.
    public func poll<E: Polls>(_ endpoint: E) async throws -> E.Answered { try await run(session.poll(endpoint)) }

    /// 开票等写操作，一直跟到最终结果；应答丢了就先查询，不会重复 · A write followed to its end, never done twice.
    public func settle<E: Settles>(_ endpoint: E) async throws -> E.Settled { try await run(session.settle(endpoint)) }

    /// 同上，但先查询：进程被杀、任务重跑之后用它 · The same, asking first: for what may have been sent before.
    public func settleAgain<E: Settles>(_ endpoint: E) async throws -> E.Settled {
        try await run(session.settleAgain(endpoint))
    }

    /// 按接口名调用，参数是 JSON 文本 · By the method's name on the wire, the params as JSON text.
    public func named(_ method: String, params: String) async throws -> Json {
        try await run(session.start("call", method, params: params))
    }

    /// 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte.
    public func raw(_ method: String, body: String) async throws -> Json {
        try await run(session.raw(method, body: body))
    }

    /// 查询确认一条回传；无从查询则为 nil · Asks the platform what a push says; nil if there is nothing to ask by.
    public func confirm(_ push: Push) async throws -> Json? {
        guard let method = push.confirmMethod else { return nil }
        return try await named(method, params: push.confirmParams ?? "{}")
    }

    /// 把一件事做到底 · Drives a call to its end.
    ///
    /// - Throws: ``NnopenError``；任务被取消时 `CancellationError` · if the task is cancelled.
    public func run<Answered>(_ call: Call<Answered>) async throws -> Answered {
        var lost: (any Error)?
        while true {
            try Task.checkCancellation()
            switch try call.step(now: time.now(), entropy: Client.entropy(), underlying: lost) {
            case .send(let request): lost = try await send(call, request)
            case .wait(let until): try await wait(until)
            case .load: try await load(call)
            case .swap(let version, let bytes): try await swap(call, version, bytes)
            case .done(let result): return call.result(result)
            }
        }
    }

    /// 跟踪到没有订单为止 · Follows until nothing is left.
    ///
    /// 期间可以 ``Batch/add(_:since:now:)`` 与 ``Batch/hint(_:now:)`` · Orders may be added and hinted at meanwhile.
    public func follow(_ batch: Batch) -> AsyncThrowingStream<BatchEvent, any Error> {
        AsyncThrowingStream {
            while true {
                try Task.checkCancellation()
                switch try batch.step(now: self.time.now(), entropy: Client.entropy()) {
                case .send(let request): _ = try await self.send(batch, request)
                case .wait(let until): try await self.wait(until)
                case .load: try await self.load(batch)
                case .swap(let version, let bytes): try await self.swap(batch, version, bytes)
                case .event(let event): return event
                case .idle: return nil
                }
            }
        }
    }

    /// Sends, and tells what came; what stood in the way is told with the error that may follow.
    private func send(_ talk: some Talk, _ request: Request) async throws -> (any Error)? {
        let answer: Answer
        do {
            answer = try await transport.send(request)
        } catch {
            // Cancelled, or a transport of the user's own broke: the request may have left all the same.
            let lost = error as? NoAnswer
            let reason = lost?.reason ?? "\(type(of: error))"
            try talk.fail(notSent: lost?.notSent ?? false, reason: reason, now: time.now())
            try Task.checkCancellation()
            guard let lost else { throw error }
            return lost
        }
        try talk.receive(status: answer.status, body: answer.body, now: time.now())
        return nil
    }

    private func wait(_ until: Int64) async throws {
        // Woken now and then, so that a clock that was set is noticed, and what others added meanwhile.
        try await time.sleep(milliseconds: min(max(until - time.now(), 0), 5_000))
    }

    private func load(_ talk: some Talk) async throws {
        let kept: Kept
        do {
            kept = try await kepts().load(session.storeKey)
        } catch {
            return try talk.storeFailed(reason: "\(error)", now: time.now())
        }
        try talk.loaded(version: kept.version, bytes: kept.bytes, now: time.now())
    }

    private func swap(_ talk: some Talk, _ version: Int64, _ bytes: Data) async throws {
        let stored: Bool
        do {
            stored = try await kepts().swap(session.storeKey, version: version, bytes: bytes)
        } catch {
            return try talk.storeFailed(reason: "\(error)", now: time.now())
        }
        try talk.swapped(stored, now: time.now())
    }

    private func kepts() throws -> any TokenStore {
        guard let store else { throw NoAnswer(notSent: true, reason: "no store was given") }
        return store
    }

    /// 每步要的 20 个随机字节 · The 20 random bytes that each step takes.
    public static func entropy() -> Data {
        var random = SystemRandomNumberGenerator()
        return Data((0..<20).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}

/// 时钟 · The clock; tests bring their own.
public protocol TimeSource: Sendable {
    /// 1970 年以来的毫秒 · Milliseconds since 1970.
    func now() -> Int64

    func sleep(milliseconds: Int64) async throws
}

/// 系统的时钟 · The system's clock.
public struct SystemTime: TimeSource {
    public init() {}

    public func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    public func sleep(milliseconds: Int64) async throws { try await Task.sleep(for: .milliseconds(milliseconds)) }
}
