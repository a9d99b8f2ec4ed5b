package io.github.nnopen.tests

/** JSON that keeps each number's text, the order of members and repeated names. */
class Obj(val members: List<Pair<String, Any?>>) {
    operator fun get(name: String): Any? = members.lastOrNull { it.first == name }?.second

    operator fun contains(name: String): Boolean = members.any { it.first == name }
}

class Num(val text: String)

fun parse(text: String): Any? = Reader(text).run {
    val value = value()
    space()
    check(at == text.length) { "more than one value" }
    value
}

private class Reader(private val text: String) {
    var at = 0

    fun space() {
        while (at < text.length && text[at] in " \t\r\n") at++
    }

    private fun take(char: Char): Boolean {
        space()
        return (at < text.length && text[at] == char).also { if (it) at++ }
    }

    fun value(): Any? {
        space()
        return when (val char = text[at]) {
            '{' -> Obj(items('}') { string() to run { check(take(':')); value() } })
            '[' -> items(']') { value() }
            '"' -> string()
            't' -> true.also { at += 4 }
            'f' -> false.also { at += 5 }
            'n' -> null.also { at += 4 }
            else -> {
                check(char == '-' || char.isDigit()) { "no value at $at" }
                val from = at
                while (at < text.length && text[at] in "+-.eE0123456789") at++
                Num(text.substring(from, at))
            }
        }
    }

    private fun <T> items(end: Char, item: () -> T): List<T> {
        at++
        val items = mutableListOf<T>()
        if (take(end)) return items
        do items += item() while (take(','))
        check(take(end)) { "no end at $at" }
        return items
    }

    private fun string(): String {
        check(take('"')) { "no text at $at" }
        val out = StringBuilder()
        while (text[at] != '"') {
            if (text[at] != '\\') {
                out.append(text[at++])
                continue
            }
            val char = text[at + 1]
            at += 2
            if (char == 'u') {
                out.append(text.substring(at, at + 4).toInt(16).toChar())
                at += 4
            } else {
                out.append(mapOf('n' to '\n', 't' to '\t', 'r' to '\r', 'b' to '\b', 'f' to '\u000c')[char] ?: char)
            }
        }
        at++
        return out.toString()
    }
}

/** Compact text; with `exact`, numbers are told as texts, as the package tells them. */
fun write(value: Any?, exact: Boolean = false): String = when (value) {
    null -> "null"
    is Num -> if (exact) "\"${value.text}\"" else value.text
    is String -> quote(value)
    is Obj -> value.members.joinToString(",", "{", "}") { (name, member) -> quote(name) + ":" + write(member, exact) }
    is Map<*, *> -> value.entries.joinToString(",", "{", "}") { (name, member) -> quote("$name") + ":" + write(member, exact) }
    is List<*> -> value.joinToString(",", "[", "]") { write(it, exact) }
    else -> value.toString()
}

private fun quote(text: String) = buildString {
    append('"')
    for (char in text) {
        when {
            char == '"' || char == '\\' -> append('\\').append(char)
            char < ' ' -> append("\\u%04x".format(char.code))
            else -> append(char)
        }
    }
    append('"')
}
