import Foundation
internal import NNOpenCore

/// 怎样跟踪；不给的由内核定 · How a batch asks; what is not given is the core's own choice.
public struct BatchRules: Sendable {
    /// `orderNos` 或 `serialNos`
    public var by: String?
    /// 每秒请求数 · Requests a second.
    public var rate: Int?
    /// 秒 · Seconds.
    public var slowest: Int?
    /// 秒 · Seconds.
    public var giveUp: Int?
    /// 每次查询另加的参数 · More params of each query.
    public var with: Members

    public init(
        by: String? = nil, rate: Int? = nil, slowest: Int? = nil, giveUp: Int? = nil, with: Members = [:]
    ) {
        self.by = by
        self.rate = rate
        self.slowest = slowest
        self.giveUp = giveUp
        self.with = with
    }

    var core: NNOpenCore.BatchRules {
        NNOpenCore.BatchRules(
            by: by, rate: rate.map(Int32.init(clamping:)), slowest: slowest.map(Int32.init(clamping:)),
            giveUp: giveUp.map(Int32.init(clamping:)), with: with.isEmpty ? nil : with.description
        )
    }
}

/// 同时跟踪许多订单；``Client/follow(_:)`` 驱动它 · Many orders followed at once; ``Client/follow(_:)`` drives it.
public final class Batch: Talk {
    private let core: NNOpenCore.Batch

    init(_ core: NNOpenCore.Batch) { self.core = core }

    /// 跟踪一个在 `since` 提交的订单 · Follows an order; `false` if it is followed already.
    @discardableResult
    public func add(_ key: String, since: Int64, now: Int64) throws -> Bool {
        try told { try core.add(key: key, since: since, now: now) }
    }

    /// 有回传提到它 · A push came about this order; `false` if it is not followed.
    @discardableResult
    public func hint(_ key: String, now: Int64) throws -> Bool {
        try told { try core.hint(key: key, now: now) }
    }

    /// 现在该做什么 · What to do now.
    public func step(now: Int64, entropy: Data) throws -> BatchStep {
        switch try told({ try core.step(now: now, entropy: entropy) }) {
        case .send(let head, let body): .send(Request(head: head, body: body))
        case .wait(let until): .wait(until: until)
        case .load: .load
        case .swap(let version, let bytes): .swap(version: version, bytes: bytes)
        case .event(let event): .event(BatchEvent(event))
        case .idle: .idle
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

    /// 进度 · Figures to show.
    public func progress() throws -> Progress {
        let told = try NNOpen.told { try core.progress() }
        return Progress(
            pending: told.pending, done: told.done, failed: told.failed, needsRetry: told.needsRetry,
            absent: told.absent, gaveUp: told.gaveUp, queries: told.queries, askedPerSecond: told.askedPerSecond,
            oldest: told.oldest.map(Date.init(milliseconds:))
        )
    }

    /// 还没有结果的订单；不含密钥与令牌 · All orders without an event yet: keys and times, neither secret nor token.
    public func snapshot() throws -> String { try told { try core.snapshot() } }

    /// 接着跟踪快照里的订单，返回数量 · Follows all orders of a snapshot too; the answer is how many came in.
    @discardableResult
    public func resume(_ snapshot: String, now: Int64) throws -> Int64 {
        try told { try core.resume(snapshot: snapshot, now: now) }
    }
}

/// 一个订单的结局，或眼下的麻烦 · What has become of an order, or what troubles the batch.
public struct BatchEvent: Sendable {
    /// `done`、`failed`、`needs_retry`、`absent`、`gave_up`；`trouble` 不是结局 is no end
    public let kind: String
    /// 订单；`trouble` 时是所问的全部 · The order; with `trouble`, all that were asked about.
    public let keys: [String]
    /// 订单的各行 · The order's rows.
    public let rows: Json?
    /// `trouble` 的原因 · Why, with `trouble`.
    public let failure: Failure?

    init(_ told: NNOpenCore.BatchEvent) {
        kind = told.kind
        keys = told.keys
        rows = told.rows.map(Json.init(told:))
        failure = told.failure.map { Failure($0) }
    }
}

/// 进度 · Figures to show.
public struct Progress: Sendable {
    /// 还在跟踪 · Orders that are followed.
    public let pending: Int64
    public let done: Int64
    public let failed: Int64
    public let needsRetry: Int64
    public let absent: Int64
    public let gaveUp: Int64
    /// 已发的查询 · Queries sent so far.
    public let queries: Int64
    public let askedPerSecond: Int64
    public let oldest: Date?
}
