internal import NNOpenCore

/// 平台回传的内容；没有签名，先核实再采信 · What the platform pushed. Nothing in it is signed: confirm it first.
public struct Push: Sendable, CustomStringConvertible {
    /// 种类 · Its kind, so spelt by the platform.
    public let operater: String
    /// 是否已知的种类 · Whether the kind is known.
    public let known: Bool
    public let orderNo: String?
    public let serialNo: String?
    public let billNo: String?
    /// 状态的含义，如 `issued` · How things stand, if the code is known.
    public let status: String?
    /// 状态原值，与查询的状态不是一套 · The code itself; not that of the query.
    public let statusCode: String?
    /// 内容；`API.Pushes` 读成带类型的 · The content; `API.Pushes` reads it typed.
    public let content: Json
    /// 全部原文 · Everything as it came.
    public let raw: Json
    /// 用哪个接口核实 · The method that confirms it.
    public let confirmMethod: String?
    /// 它的参数，JSON 文本 · Its params as JSON text.
    public let confirmParams: String?

    public var description: String {
        "Push(\(operater), orderNo: \(orderNo ?? "-"), serialNo: \(serialNo ?? "-"), status: \(status ?? "-"))"
    }

    init(_ told: PushInfo) {
        operater = told.operater
        known = told.known
        orderNo = told.orderNo
        serialNo = told.serialNo
        billNo = told.billNo
        status = told.status
        statusCode = told.statusCode
        content = Json(told: told.content)
        raw = Json(told: told.raw)
        confirmMethod = told.confirmMethod
        confirmParams = told.confirmParams
    }
}
