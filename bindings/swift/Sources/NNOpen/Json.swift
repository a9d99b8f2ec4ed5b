import Foundation

/// JSON 的值；每个数字的原文都在 · A value of JSON that keeps each number's own text.
///
/// 没有浮点数的写法：金额写成文本或 `Decimal` · There is no way to write a float: amounts are texts or a `Decimal`.
public enum Json: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([Json])
    case object(Members)

    /// 读 JSON 文本 · Reads JSON text.
    ///
    /// - Throws: ``NnopenError/input(_:)`` 不是 JSON 时 · if it is none.
    public init(parsing text: String) throws {
        var reader = JsonReader(text)
        do {
            self = try reader.whole()
        } catch {
            throw NnopenError.input(Failure(kind: "input", describe: "\(error)"))
        }
    }

    /// What the core has written.
    init(told text: String) { self = (try? Json(parsing: text)) ?? .text(text) }
}

/// 对象的成员，按先后 · The members of an object, in their order; equal whatever the order.
public struct Members: Sendable, Hashable {
    private var items: [(name: String, value: Json)] = []
    private var places: [String: Int] = [:]

    public init() {}

    /// 按平台上的名称；设为 nil 即去掉 · By the name on the wire; nil takes the member away.
    public subscript(name: String) -> Json? {
        get { places[name].map { items[$0].value } }
        set {
            switch (places[name], newValue) {
            case (let place?, let value?):
                items[place].value = value
            case (nil, let value?):
                places[name] = items.count
                items.append((name, value))
            case (let place?, nil):
                items.remove(at: place)
                places = [:]
                for (at, item) in items.enumerated() { places[item.name] = at }
            case (nil, nil):
                break
            }
        }
    }

    public var names: [String] { items.map(\.name) }

    public var isEmpty: Bool { items.isEmpty }

    public static func == (one: Members, other: Members) -> Bool {
        one.items.count == other.items.count && one.items.allSatisfy { other[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(Set(places.keys)) }
}

extension Members: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, Json)...) {
        for (name, value) in members { self[name] = value }
    }
}

extension Json: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int) { self = number.exact }
    public init(booleanLiteral bool: Bool) { self = .bool(bool) }
    public init(arrayLiteral items: Json...) { self = .list(items) }
    public init(dictionaryLiteral members: (String, Json)...) {
        var all = Members()
        for (name, value) in members { all[name] = value }
        self = .object(all)
    }
    public init(nilLiteral: ()) { self = .null }
}

// MARK: - 读出 · Reading

extension Json {
    /// 文本，或数字的原文 · A text, or a number's own text.
    public var stringValue: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .bool(let bool): "\(bool)"
        case .null, .list, .object: nil
        }
    }

    /// 精确的数；`Decimal` 装不下就是 nil · The exact number; nil if a `Decimal` can not hold it.
    public var decimalValue: Decimal? { stringValue.flatMap(exactDecimal) }

    public var intValue: Int? { stringValue.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) } }

    public var boolValue: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    public var membersValue: Members? { if case .object(let members) = self { members } else { nil } }

    /// 应有列表处的单个值算一项 · A single value where a list is meant is a list of one.
    public var listValue: [Json]? {
        switch self {
        case .null: nil
        case .list(let items): items
        default: [self]
        }
    }

    /// 对象的成员 · A member of an object.
    public subscript(name: String) -> Json? { membersValue?[name] }

    /// 列表的一项 · An item of a list.
    public subscript(at: Int) -> Json? {
        guard case .list(let items) = self, items.indices.contains(at) else { return nil }
        return items[at]
    }

    func listValue<T>(_ read: (Json) -> T?) -> [T]? { listValue?.compactMap(read) }

    func codeValue<C: Code>(_: C.Type) -> C? { stringValue.map { C($0) } }

    func shapeValue<S: Shape>(_: S.Type) -> S? { membersValue.map { S(members: $0) } }

    /// The members of an answer; one that is no object stands under the empty name.
    var wholeMembers: Members {
        switch self {
        case .null: Members()
        case .object(let members): members
        default: ["": self]
        }
    }
}

// MARK: - 写出 · Writing

extension Json: CustomStringConvertible {
    /// 紧凑的 JSON 文本 · Compact JSON text.
    public var description: String {
        var out = ""
        write(to: &out)
        return out
    }

    fileprivate func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .bool(let bool): out += bool ? "true" : "false"
        // What is no number is told as a text: the core says where it stands.
        case .number(let text): if isNumber(text) { out += text } else { Json.quote(text, to: &out) }
        case .text(let text): Json.quote(text, to: &out)
        case .list(let items):
            out += "["
            for (at, item) in items.enumerated() {
                if at > 0 { out += "," }
                item.write(to: &out)
            }
            out += "]"
        case .object(let members): members.write(to: &out)
        }
    }

    fileprivate static func quote(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\u{0}"..."\u{1f}": out += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

extension Members: CustomStringConvertible {
    public var description: String { Json.object(self).description }

    fileprivate func write(to out: inout String) {
        out += "{"
        for (at, item) in items.enumerated() {
            if at > 0 { out += "," }
            Json.quote(item.name, to: &out)
            out += ":"
            item.value.write(to: &out)
        }
        out += "}"
    }
}
