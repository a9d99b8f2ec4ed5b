import Foundation
internal import NNOpenCore

/// 不需要连接与密钥的功能：检查、算额、读回传与应答、签名 · What needs no session: checks, amounts, readers, signatures.
public enum Nnopen {
    /// 参数的全部问题，不发送 · All that is wrong with params; nothing is sent.
    public static func check<E: Endpoint>(_ endpoint: E) throws -> Checked {
        try check(E.method, params: endpoint.json)
    }

    /// 同上，JSON 文本 · The same of JSON text.
    public static func check(_ method: String, params: String) throws -> Checked {
        let read = try told { try NNOpenCore.check(method: method, params: params) }
        return Checked(violations: read.violations.map(Violation.init), body: read.body)
    }

    /// 读一个应答 · Reads an answer to a method.
    public static func read(_ method: String, status: Int, body: Data) throws -> Reading {
        let read = try told { try NNOpenCore.read(method: method, status: Int32(clamping: status), body: body) }
        let failure = read.failure.map { Failure($0) }
        return Reading(code: read.code, describe: read.describe, result: Json(told: read.result), failure: failure)
    }

    /// 读回传 · Reads what the platform pushed: the header `Content-Type` and the body's own bytes.
    public static func readPush(contentType: String?, body: Data) throws -> Push {
        Push(try told { try NNOpenCore.readPush(contentType: contentType ?? "", body: body) })
    }

    /// 收下回传的应答 · The answer to a push that was taken in: JSON, status 200.
    public static func pushAccepted() -> String { NNOpenCore.answerPush(refused: nil) }

    /// 没收下回传的应答，平台会再发 · The answer to a push that could not be taken in; it comes again.
    public static func pushRefused(_ reason: String) -> String { NNOpenCore.answerPush(refused: reason) }

    /// 发票的文件，法定原件在前 · The files of an issued invoice, the legal original first.
    public static func documents(_ invoice: some Shape) throws -> [Document] {
        try told { try NNOpenCore.documents(invoice: invoice.json) }.map {
            Document(kind: $0.kind, url: $0.url, field: $0.field, original: $0.original)
        }
    }

    /// 返回码的含义、原因、办法 · What is known about a code or status.
    public static func explain(_ code: String) -> [Explanation] {
        NNOpenCore.explain(code: code).map {
            Explanation(
                code: $0.code, scope: $0.scope, text: $0.text, meaning: Words(zh: $0.meaningZh, en: $0.meaningEn),
                cause: Words(zh: $0.causeZh, en: $0.causeEn), fix: Words(zh: $0.fixZh, en: $0.fixEn), retry: $0.retry,
                orderFree: $0.orderFree
            )
        }
    }

    /// 签名 · Signs a body.
    public static func sign(
        appSecret: Secret, path: String, appKey: String, senid: String, nonce: String, timestamp: String, body: String
    ) throws -> Signed {
        let parts = SignParts(
            appSecret: appSecret.expose(), path: path, appKey: appKey, senid: senid, nonce: nonce, timestamp: timestamp,
            body: body
        )
        let signed = try told { try NNOpenCore.sign(parts: parts) }
        return Signed(canonical: signed.canonical, signature: signed.signature)
    }

    /// 一行的三个金额 · A line's amounts.
    public static func amounts(_ line: some Shape) throws -> Amounts {
        try Amounts(try told { try NNOpenCore.amounts(line: line.json) })
    }

    /// 整单的三个金额 · The amounts of all lines of an order together.
    public static func totals(_ order: some Shape) throws -> Amounts {
        try Amounts(try told { try NNOpenCore.totals(order: order.json) })
    }

    /// 补上各行缺的金额 · The order with the amounts that its lines lack.
    public static func fill<S: Shape>(_ order: S) throws -> S {
        S(members: Json(told: try told { try NNOpenCore.fill(order: order.json) }).wholeMembers)
    }

    /// 按不含税限额拆单 · Orders whose amounts without tax are at most `limit`.
    public static func split<S: Shape>(_ order: S, limit: any Exact) throws -> [S] {
        let limit = limit.exact.stringValue ?? ""
        let parts = Json(told: try told { try NNOpenCore.split(order: order.json, limit: limit) })
        return parts.listValue { $0.shapeValue(S.self) } ?? []
    }

    /// 由蓝票订单得到红冲订单 · The order that takes back `blue`.
    ///
    /// - Parameter invoiceDate: `yyyy-MM-dd HH:mm:ss`
    public static func red<S: Shape>(
        _ blue: some Shape, orderNo: String, invoiceDate: String, reason: Codes.RedReason, as _: S.Type = S.self
    ) throws -> S {
        let red = try told {
            try NNOpenCore.red(blue: blue.json, orderNo: orderNo, invoiceDate: invoiceDate, reason: reason.code)
        }
        return S(members: Json(told: red).wholeMembers)
    }

    /// 全部接口名 · The names of all methods that are known.
    public static func methods() -> [String] { NNOpenCore.methods() }
}

/// 检查的结果 · What a check tells.
public struct Checked: Sendable {
    public let violations: [Violation]
    /// 会发送的内容，有错误则为 nil · What would be sent, nil if something is wrong.
    public let body: String?

    public var isOk: Bool { !violations.contains(where: \.isError) }
}

/// 读懂的应答 · An answer as it was read.
public struct Reading: Sendable {
    public let code: String?
    public let describe: String?
    public let result: Json
    /// 为什么不算成功 · Why it is no success.
    public let failure: Failure?
}

/// 发票的一个文件 · A file of an invoice.
public struct Document: Sendable, Hashable {
    /// `ofd`、`pdf`、`xml`、`paper_pdf`、`page`、`image`
    public let kind: String
    public let url: String
    public let field: String
    /// 是否法定原件 · Whether it is the legal original.
    public let original: Bool
}

/// 返回码 · What is known about a code.
public struct Explanation: Sendable, Hashable {
    public let code: String
    public let scope: String
    public let text: String
    public let meaning: Words
    public let cause: Words
    public let fix: Words
    public let retry: String
    /// 订单号可否再用 · Whether the order number may be used again.
    public let orderFree: Bool
}

/// 被签名的文本与签名 · What was signed, and the signature.
public struct Signed: Sendable, Hashable {
    public let canonical: String
    public let signature: String
}

/// 不含税金额、税额、价税合计 · Without tax, the tax, with tax.
public struct Amounts: Sendable, Hashable, CustomStringConvertible {
    public let taxExcluded: Decimal
    public let tax: Decimal
    public let taxIncluded: Decimal
    /// 三个金额的原文，末尾的零都在 · Their own texts, zeros at the end kept.
    public let texts: [String]

    public var description: String { "\(texts[0]) + \(texts[1]) = \(texts[2])" }

    init(_ texts: [String]) throws {
        let read = texts.compactMap(exactDecimal)
        guard read.count == 3 else {
            throw NnopenError.input(Failure(kind: "input", describe: "a Decimal can not hold \(texts.joined(separator: ", "))"))
        }
        (taxExcluded, tax, taxIncluded) = (read[0], read[1], read[2])
        self.texts = texts
    }
}
