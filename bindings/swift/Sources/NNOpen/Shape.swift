/// 平台的一个对象：成员带类型，未知的成员也在 · An object of the platform: typed members, and the unknown ones kept.
///
/// 描述含全部成员，其中可能有个人信息 · Its description shows all members: there may be personal data.
public protocol Shape: Sendable, Hashable, CustomStringConvertible {
    /// 全部成员，按平台上的名称 · All members by their names on the wire.
    var members: Members { get set }

    init(members: Members)
}

extension Shape {
    /// 按平台上的名称取、放原值 · A member by its name on the wire, as it is.
    public subscript(name: String) -> Json? {
        get { members[name] }
        set { members[name] = newValue }
    }

    /// JSON 文本 · As JSON text.
    public var json: String { members.description }

    public var description: String { "\(Self.self)\(members)" }
}

/// 代码：常量是已知的，其他值也能表示 · A code: the constants are those that are known, any other can be told as well.
public protocol Code: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// 平台上的值 · As it is on the wire.
    var code: String { get }

    init(_ code: String)
}

extension Code {
    public init(stringLiteral code: String) { self.init(code) }

    public var description: String { code }
}

/// 一个接口与它的参数 · A method and its params.
public protocol Endpoint<Answered>: Shape {
    associatedtype Answered: Sendable

    /// 接口名 · The method's name on the wire.
    static var method: String { get }

    /// 读结果 · Reads its result.
    static func answer(_ value: Json) -> Answered
}

/// 可以一直问到有结果的接口 · A method that can be asked until there is an answer.
public protocol Polls<Answered>: Endpoint {}

/// 可以一直跟到最终结果的写操作 · A write that can be followed to its end.
public protocol Settles<Answered, Settled>: Endpoint {
    associatedtype Settled: Sendable

    /// 读最终结果 · Reads what became of it.
    static func settled(_ value: Json) -> Settled
}
