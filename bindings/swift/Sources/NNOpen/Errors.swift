import Foundation
internal import NNOpenCore

/// 为什么没有结果，接下来做什么 · Why there is no result, by what to do next.
///
/// 描述里没有密钥与令牌 · Its texts hold neither secret nor token.
///
/// 除了任务被取消，这个包只抛它；不写成 `throws(NnopenError)`，因为 Swift 6.0 按模式捕获带类型的错误时会崩溃 · But for a task that is
/// cancelled, this package throws nothing else; it is not said as `throws(NnopenError)`, since Swift 6.0's compiler breaks
/// where typed errors are caught by a pattern.
public enum NnopenError: Error, Sendable, CustomStringConvertible, LocalizedError {
    /// 改参数，`failure.violations` 是全部问题；什么都没发 · Fix the params; nothing was sent.
    case input(Failure)
    /// 改用法 · Fix how it is used.
    case usage(Failure)
    /// 等到 `failure.retryAt`，或重新授权 · Wait, or sign in again.
    case auth(Failure)
    /// 看返回码 · Read the code.
    case platform(Failure)
    /// 应答看不懂，报告问题 · Report a bug.
    case reply(Failure)
    /// 什么都没发生，可以重试 · Nothing was done, it may be tried again.
    case transport(Failure)
    /// 可能已经做了：先查询，只有 `settle` 可以再发 · It may have been done: ask first, only `settle` may send again.
    case uncertain(Failure)

    /// 全部细节 · All that is known.
    public var failure: Failure {
        switch self {
        case .input(let told), .usage(let told), .auth(let told), .platform(let told), .reply(let told),
            .transport(let told), .uncertain(let told):
            told
        }
    }

    /// 平台的返回码，或失败发票的状态 · The platform's code, or a failed invoice's status.
    public var code: String? { failure.code }

    public var description: String { failure.description }

    public var errorDescription: String? { failure.description }
}

/// 全部细节 · All that is known.
public struct Failure: Sendable, CustomStringConvertible {
    /// `input`、`usage`、`auth`、`platform`、`reply`、`transport`、`uncertain`
    public let kind: String
    /// 平台的返回码，或失败发票的状态 · The platform's code, or a failed invoice's status.
    public let code: String?
    /// 发生了什么 · What happened.
    public let describe: String
    /// 怎么办 · What to do.
    public let hint: Words
    /// 参数的全部问题 · All that is wrong with the params.
    public let violations: [Violation]
    /// 何时重试才有意义 · When trying again can help.
    public let retryAt: Date?
    /// `no`、`later`、`sign_in`、`ask`
    public let retry: String
    /// 订单号可否再用 · Whether the order number may be used again.
    public let orderFree: Bool
    /// 平台附带的内容 · What the platform sent along.
    public let result: Json?
    /// 网络或存放处的错误 · What stood in the way: the transport's own error.
    public let underlying: (any Error)?

    /// 返回码的原因，若已知 · What commonly causes the code, if that is known.
    public var cause: Words? { code.flatMap { Nnopen.explain($0).first?.cause } }

    /// 按种类的错误 · The error of its kind.
    public var error: NnopenError {
        switch kind {
        case "input": .input(self)
        case "auth": .auth(self)
        case "platform": .platform(self)
        case "reply": .reply(self)
        case "transport": .transport(self)
        case "uncertain": .uncertain(self)
        default: .usage(self)
        }
    }

    public var description: String {
        let faults = violations.filter(\.isError)
        let what = faults.isEmpty ? describe : faults.map(\.description).joined(separator: "; ")
        return "\(kind)\(code.map { " \($0)" } ?? ""): \(what)" + (hint.zh.isEmpty ? "" : " | \(hint.zh)")
    }

    init(_ told: NNOpenCore.Failure, underlying: (any Error)? = nil) {
        kind = told.kind
        code = told.code
        describe = told.describe
        hint = Words(zh: told.hintZh, en: told.hintEn)
        violations = told.violations.map(Violation.init)
        retryAt = told.retryAt.map(Date.init(milliseconds:))
        retry = told.retry
        orderFree = told.orderFree
        result = told.result.map(Json.init(told:))
        self.underlying = underlying
    }

    init(kind: String, describe: String, underlying: (any Error)? = nil) {
        self.kind = kind
        code = nil
        self.describe = describe
        hint = Words(zh: "", en: "")
        violations = []
        retryAt = nil
        retry = "no"
        orderFree = false
        result = nil
        self.underlying = underlying
    }
}

/// 参数的一处问题 · One thing wrong with params.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// 例如 `order.invoiceDetail[0].tax`
    public let path: String
    public let rule: String
    /// `error` 不会发送 nothing is sent，或 `warning`
    public let severity: String
    /// 平台会给的返回码，若已知 · The code that the platform would answer, if that is known.
    public let code: String?
    public let message: Words

    public var isError: Bool { severity == "error" }

    public var description: String { "\(path): \(message.zh)" }

    init(_ told: NNOpenCore.Violation) {
        path = told.path
        rule = told.rule
        severity = told.severity
        code = told.code
        message = Words(zh: told.zh, en: told.en)
    }
}

/// 中文与英文 · A text in both languages.
public struct Words: Sendable, Hashable, CustomStringConvertible {
    public let zh: String
    public let en: String

    public var description: String { "\(zh) · \(en)" }
}

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

/// Runs `work` of the core; what it throws becomes an error of its kind.
func told<T>(underlying: (any Error)? = nil, _ work: () throws -> T) throws -> T {
    do {
        return try work()
    } catch NNOpenCore.CoreError.Told(let failure) {
        throw Failure(failure, underlying: underlying).error
    } catch {
        let describe = "nnopen met a fault of its own: please report it"
        throw NnopenError.usage(Failure(kind: "usage", describe: describe, underlying: underlying))
    }
}
