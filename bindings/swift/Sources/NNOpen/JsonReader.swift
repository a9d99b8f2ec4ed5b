/// Reads JSON text: Foundation's own readers make numbers of what must stay a text.
struct JsonReader {
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0

    private static let deepest = 128

    struct Wrong: Error, CustomStringConvertible {
        let at: Int
        let what: String

        var description: String { "this is no JSON: \(what) at byte \(at)" }
    }

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func whole() throws -> Json {
        let value = try self.value()
        space()
        guard at == bytes.count else { throw wrong("more than one value") }
        return value
    }

    private func wrong(_ what: String) -> Wrong { Wrong(at: at, what: what) }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { at += 1 }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        space()
        guard next == UInt8(ascii: sign) else { return false }
        at += 1
        return true
    }

    private mutating func value() throws -> Json {
        space()
        switch next {
        case UInt8(ascii: "{"): return try deeper { try $0.object() }
        case UInt8(ascii: "["): return try deeper { try $0.list() }
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func deeper(_ read: (inout JsonReader) throws -> Json) throws -> Json {
        guard depth < JsonReader.deepest else { throw wrong("too deep") }
        at += 1
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws -> Json {
        var members = Members()
        if take("}") { return .object(members) }
        repeat {
            space()
            guard next == UInt8(ascii: "\"") else { throw wrong("a name is missing") }
            let name = try text()
            guard take(":") else { throw wrong("a colon is missing") }
            members[name] = try value()
        } while take(",")
        guard take("}") else { throw wrong("an object does not end") }
        return .object(members)
    }

    private mutating func list() throws -> Json {
        var items: [Json] = []
        if take("]") { return .list(items) }
        repeat { items.append(try value()) } while take(",")
        guard take("]") else { throw wrong("a list does not end") }
        return .list(items)
    }

    private mutating func word(_ word: StaticString, _ value: Json) throws -> Json {
        let end = at + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[at..<end].elementsEqual("\(word)".utf8) else { throw wrong("no value") }
        at = end
        return value
    }

    private mutating func number() throws -> Json {
        let from = at
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { at += 1 }
        let text = String(decoding: bytes[from..<at], as: UTF8.self)
        guard isNumber(text) else { throw wrong("no value") }
        return .number(text)
    }

    private mutating func text() throws -> String {
        at += 1
        var out: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
            case UInt8(ascii: "\\"): out += String(try escaped()).utf8
            case 0..<0x20: throw wrong("a control character in a text")
            default: out.append(byte)
            }
        }
        throw wrong("a text does not end")
    }

    private mutating func escaped() throws -> Unicode.Scalar {
        guard let byte = next else { throw wrong("a text does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try pair()
        default: throw wrong("an unknown escape")
        }
    }

    /// `\uXXXX`, or two of them that are one letter.
    private mutating func pair() throws -> Unicode.Scalar {
        let high = try hex()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xdc00, next == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
            throw wrong("half of a surrogate pair")
        }
        at += 2
        let low = try hex()
        guard (0xdc00...0xdfff).contains(low), let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + low - 0xdc00)
        else { throw wrong("half of a surrogate pair") }
        return scalar
    }

    private mutating func hex() throws -> UInt32 {
        guard at + 4 <= bytes.count, bytes[at..<at + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw wrong("an unknown escape") }
        at += 4
        return value
    }
}
