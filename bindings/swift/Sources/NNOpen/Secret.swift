/// 不会被打印的文本：密钥、令牌、快照 · A text that is never printed: a secret, a token, a snapshot.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable, ExpressibleByStringLiteral {
    private let text: String

    public init(_ text: String) { self.text = text }

    public init(stringLiteral text: String) { self.text = text }

    /// 文本本身；不要写进日志 · The text itself: keep it out of logs.
    public func expose() -> String { text }

    public var description: String { "Secret(***)" }

    /// Neither does `dump` show it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
