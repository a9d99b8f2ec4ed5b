import Foundation

/// 精确的数：`Decimal`、整数、文本；没有浮点数 · A number told exactly: a `Decimal`, a whole number, a text; no float.
///
/// 文本保留末尾的零，`Decimal` 不保留 · A text keeps the zeros at its end, a `Decimal` does not.
public protocol Exact: Sendable {
    var exact: Json { get }
}

extension Decimal: Exact {
    public var exact: Json { .text(description) }
}

extension Int: Exact {
    public var exact: Json { .number(String(self)) }
}

extension String: Exact {
    public var exact: Json { .text(self) }
}

/// The digits of a number: without zeros at either end, and the power of ten of the last.
private struct Digits: Equatable {
    var negative = false
    var digits: [UInt8] = []
    var exponent = 0

    init?(_ text: String) {
        var rest = Array(text.trimmingCharacters(in: .whitespaces).utf8)[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        digits = Array(whole)
        if rest.first == UInt8(ascii: ".") {
            let part = rest.dropFirst().prefix(while: isDigit)
            digits += part
            exponent = -part.count
            rest = rest.dropFirst(part.count + 1)
        }
        guard !digits.isEmpty else { return nil }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            guard let power = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(power) < 1_000 else { return nil }
            exponent += power
            rest = []
        }
        guard rest.isEmpty else { return nil }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        if digits.isEmpty { (negative, exponent) = (false, 0) }
    }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

/// `Decimal` reads a prefix, and rounds what has more than 38 digits: what comes back must be what went in.
func exactDecimal(_ text: String) -> Decimal? {
    let posix = Locale(identifier: "en_US_POSIX")
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    guard let theirs = Digits(trimmed), let decimal = Decimal(string: trimmed, locale: posix) else { return nil }
    return Digits(decimal.description) == theirs ? decimal : nil
}

/// Whether a text is a number of JSON.
func isNumber(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    func digits() -> Int {
        let all = rest.prefix(while: isDigit)
        rest = rest.dropFirst(all.count)
        return all.count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let zero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !zero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
        rest = rest.dropFirst()
        guard digits() > 0 else { return false }
    }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
        rest = rest.dropFirst()
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard digits() > 0 else { return false }
    }
    return rest.isEmpty
}
