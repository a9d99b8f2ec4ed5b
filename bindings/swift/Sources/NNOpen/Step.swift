import Foundation

/// 现在该做什么 · What the host is to do next.
public enum Step: Sendable {
    /// 用 POST 发送，内容一个字节都不改 · POST it, the body byte for byte.
    case send(Request)
    /// 到这个时刻再来，1970 年以来的毫秒 · Step again at this time, in milliseconds since 1970.
    case wait(until: Int64)
    /// 读令牌的存放处 · Read the token's store.
    case load
    /// 存放处若还是这个版本，就换成这些字节 · Put the bytes into the store if it still holds this version.
    case swap(version: Int64, bytes: Data)
    /// 完成；结果的 JSON 原文 · Done; the result's own text.
    case done(String)
}

/// 跟踪订单时该做什么 · The same of a ``Batch``.
public enum BatchStep: Sendable {
    case send(Request)
    case wait(until: Int64)
    case load
    case swap(version: Int64, bytes: Data)
    /// 收下它，再来 · Take it in, then step again.
    case event(BatchEvent)
    /// 没有在跟踪的订单 · Nothing is followed.
    case idle
}

/// ``Call`` 与 ``Batch`` 共有的：告诉它发生了什么 · What a call and a batch are told alike.
public protocol Talk: Sendable {
    /// 收到应答 · The answer to the request sent last.
    func receive(status: Int, body: Data, now: Int64) throws

    /// 没有应答；`notSent` 只在确实没有发出时为真 · No answer came; not sent only if it surely did not leave.
    func fail(notSent: Bool, reason: String, now: Int64) throws

    /// 存放处现有的内容；没有则为 0 与空 · What the store holds; 0 and nothing, if nothing was put there yet.
    func loaded(version: Int64, bytes: Data, now: Int64) throws

    /// 存放处换没换成 · Whether the store still held that version and took the bytes.
    func swapped(_ stored: Bool, now: Int64) throws

    /// 存放处读写失败 · The store could not be read or written.
    func storeFailed(reason: String, now: Int64) throws
}
