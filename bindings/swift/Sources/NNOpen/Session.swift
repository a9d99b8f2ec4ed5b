import Foundation
internal import NNOpenCore

/// 内核：自己不联网、不看时钟 · The core: no network, no clock. ``Client`` drives it; use it yourself to drive it otherwise.
///
/// 可以给许多任务共用 · Safe to share between tasks.
public final class Session: Sendable {
    private let core: NNOpenCore.Session

    /// - Parameter shared: 令牌与别的进程共用：步骤里会有 `load`、`swap` · Whether the token is shared through a store.
    public init(_ config: Config, shared: Bool = false) throws {
        core = try told { try NNOpenCore.Session.open(config: config.core(shared: shared)) }
    }

    /// 调用一次 · Once.
    public func call<E: Endpoint>(_ endpoint: E) throws -> Call<E.Answered> {
        try start("call", E.method, endpoint.json) { E.answer($0) }
    }

    /// 问到有结果为止 · Asked again until no row is pending.
    public func poll<E: Polls>(_ endpoint: E) throws -> Call<E.Answered> {
        try start("poll", E.method, endpoint.json) { E.answer($0) }
    }

    /// 写操作，一直跟到最终结果 · A write, followed to its end.
    public func settle<E: Settles>(_ endpoint: E) throws -> Call<E.Settled> {
        try start("settle", E.method, endpoint.json) { E.settled($0) }
    }

    /// 同上，但先查询：以前可能发过 · The same, asking first: it may have been sent before.
    public func settleAgain<E: Settles>(_ endpoint: E) throws -> Call<E.Settled> {
        try start("settle_again", E.method, endpoint.json) { E.settled($0) }
    }

    /// 按接口名开始：`call`、`poll`、`settle`、`settle_again` · By the method's name, the params as JSON text.
    public func start(_ mode: String, _ method: String, params: String) throws -> Call<Json> {
        try start(mode, method, params) { $0 }
    }

    private func start<R>(
        _ mode: String, _ method: String, _ params: String, _ read: @escaping @Sendable (Json) -> R
    ) throws -> Call<R> {
        Call(try told { try core.start(mode: mode, method: method, params: params) }, read)
    }

    /// 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte.
    public func raw(_ method: String, body: String) throws -> Call<Json> {
        Call(try told { try core.startRaw(method: method, body: body) }) { $0 }
    }

    /// 接着做 ``Call/snapshot()`` 保存的事 · Goes on with a call that was kept.
    public func resume(_ snapshot: String) throws -> Call<Json> {
        Call(try told { try core.resume(snapshot: snapshot) }) { $0 }
    }

    /// 取令牌 · Gets a token now, with key and secret; a call does so by itself when it needs one.
    public func signIn() throws -> Call<SignedIn> { try signIn(.clientCredentials) }

    /// 第三方应用：用企业的授权取令牌 · With a merchant's authorisation.
    public func signIn(code: Secret, taxNum: String, redirectURI: String) throws -> Call<SignedIn> {
        try signIn(.authorizationCode(code: code.expose(), taxNum: taxNum, redirectUri: redirectURI))
    }

    /// 用刷新令牌换新令牌 · With the refresh token that is held.
    public func refresh() throws -> Call<SignedIn> { try signIn(.refresh) }

    private func signIn(_ grant: Grant) throws -> Call<SignedIn> {
        Call(try told { try core.signIn(grant: grant) }) { SignedIn(members: $0.wholeMembers) }
    }

    /// 同时跟踪许多订单 · Follows many orders at once; it asks and never writes.
    public func follow(_ method: String, rules: BatchRules = BatchRules()) throws -> Batch {
        Batch(try told { try core.follow(method: method, rules: rules.core) })
    }

    /// 企业授权的页面 · The page on which a merchant authorises this application.
    public func authorizeURL(redirectURI: String, state: String) throws -> String {
        try told { try core.authorizeUrl(redirectUri: redirectURI, state: state) }
    }

    /// 读授权后的跳转地址 · Reads the return from that page.
    public func readReturn(_ url: String, state: String) throws -> Returned {
        let read = try told { try core.readReturn(url: url, state: state) }
        return Returned(code: Secret(read.code), taxNum: read.taxNum, stateMatched: read.stateMatched)
    }

    /// 令牌、账本与暂停；放在只有自己读得到的地方 · Token, ledger and pause: keep it where only you can read it.
    public func snapshot() throws -> Secret { Secret(try told { try core.snapshot() }) }

    public func restore(_ snapshot: Secret) throws {
        try told { try core.restore(snapshot: snapshot.expose()) }
    }

    /// 快照变了就变大 · Grows whenever the snapshot changes.
    public var revision: Int64 { core.revision() }

    /// 令牌在存放处的名称 · Under which name a store keeps the token.
    public var storeKey: String { core.storeKey() }

    /// 设置里看着不对的地方 · What looks wrong in the settings.
    public var warnings: [Words] { core.warnings().map { Words(zh: $0.zh, en: $0.en) } }
}

/// 取令牌的结果，不含令牌 · What a sign-in gave, without the token itself.
public struct SignedIn: Shape {
    public var members: Members

    public init(members: Members) { self.members = members }

    public var taxNum: String? { members["taxNum"]?.stringValue }
    public var userId: String? { members["userId"]?.stringValue }
    public var expiresAt: Date? { members["expiresAt"]?.intValue.map { Date(milliseconds: Int64($0)) } }
}

/// 授权页的返回 · What the authorize page sent back.
public struct Returned: Sendable {
    public let code: Secret
    public let taxNum: String?
    /// state 是否一致；不一致就不要用 · Whether the state came back; if not, do not take it blindly.
    public let stateMatched: Bool
}

/// 进行中的一件事 · One thing that is wanted, in progress: ask what to do, do it, tell what came.
///
/// 发送途中释放它，等于告诉它“可能已发出” · Letting go of it in mid-flight means that the request may have been sent.
public final class Call<Answered: Sendable>: Talk {
    private let core: NNOpenCore.Call
    private let read: @Sendable (Json) -> Answered

    init(_ core: NNOpenCore.Call, _ read: @escaping @Sendable (Json) -> Answered) {
        self.core = core
        self.read = read
    }

    /// 现在该做什么 · What to do now.
    ///
    /// - Parameters:
    ///   - now: 1970 年以来的毫秒 · milliseconds since 1970
    ///   - entropy: 20 个新的随机字节 · 20 fresh random bytes
    ///   - underlying: 上一个请求为什么没有应答 · why the last request had no answer
    public func step(now: Int64, entropy: Data, underlying: (any Error)? = nil) throws -> Step {
        switch try told(underlying: underlying, { try core.step(now: now, entropy: entropy) }) {
        case .send(let head, let body): .send(Request(head: head, body: body))
        case .wait(let until): .wait(until: until)
        case .load: .load
        case .swap(let version, let bytes): .swap(version: version, bytes: bytes)
        case .done(let result): .done(result)
        }
    }

    public func receive(status: Int, body: Data, now: Int64) throws {
        try told { try core.receive(status: Int32(clamping: status), body: body, now: now) }
    }

    public func fail(notSent: Bool, reason: String, now: Int64) throws {
        try told { try core.fail(notSent: notSent, reason: reason, now: now) }
    }

    public func loaded(version: Int64, bytes: Data, now: Int64) throws {
        try told { try core.loaded(version: version, bytes: bytes, now: now) }
    }

    public func swapped(_ stored: Bool, now: Int64) throws {
        try told { try core.swapped(stored: stored, now: now) }
    }

    public func storeFailed(reason: String, now: Int64) throws {
        try told { try core.storeFailed(reason: reason, now: now) }
    }

    /// 保存下来，以后 ``Session/resume(_:)``；含请求内容，不含密钥与令牌 · It holds the body, neither secret nor token.
    public func snapshot() throws -> String { try told { try core.snapshot() } }

    /// 参数里值得看一眼的地方 · What someone should look at in the params.
    public var warnings: [Violation] { core.warnings().map(Violation.init) }

    /// ``Step/done(_:)`` 的结果，带类型 · The result, typed.
    public func result(_ done: String) -> Answered { read(Json(told: done)) }
}
