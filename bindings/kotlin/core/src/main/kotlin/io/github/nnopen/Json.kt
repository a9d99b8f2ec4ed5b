package io.github.nnopen

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal
import java.math.BigInteger

/** JSON of the core as maps, lists, texts and truths; a number becomes a text of the same digits. */
internal fun readJson(text: String): Any? = plain(Json.parseToJsonElement(text))

private fun plain(value: JsonElement): Any? = when (value) {
    is JsonNull -> null
    is JsonObject -> value.mapValues { (_, member) -> plain(member) }
    is JsonArray -> value.map(::plain)
    is JsonPrimitive -> when {
        value.isString -> value.content
        value.content == "true" -> true
        value.content == "false" -> false
        else -> value.content
    }
}

/** Params as JSON text. What can't be told exactly is refused, all of it at once. */
internal fun writeJson(value: Any?): String {
    val faults = mutableListOf<Violation>()
    val text = StringBuilder().also { write(value, "", it, faults) }.toString()
    if (faults.isNotEmpty()) throw Failure.here("input", "the params can not be told exactly", faults).exception()
    return text
}

private fun write(value: Any?, path: String, out: StringBuilder, faults: MutableList<Violation>) {
    when (value) {
        null -> out.append("null")
        is Boolean -> out.append(value)
        is CharSequence -> quote(value.toString(), out)
        is Code -> quote(value.code, out)
        is BigDecimal -> quote(decimalText(value), out)
        is Byte, is Short, is Int, is Long, is BigInteger -> out.append(value)
        is Shape -> write(value.toMap(), path, out, faults)
        is Map<*, *> -> {
            out.append('{')
            value.entries.forEachIndexed { at, (name, member) ->
                if (at > 0) out.append(',')
                quote(name.toString(), out)
                out.append(':')
                write(member, if (path.isEmpty()) "$name" else "$path.$name", out, faults)
            }
            out.append('}')
        }
        is Iterable<*> -> {
            out.append('[')
            value.forEachIndexed { at, item ->
                if (at > 0) out.append(',')
                write(item, "$path[$at]", out, faults)
            }
            out.append(']')
        }
        else -> faults += Violation(
            path,
            "type",
            "error",
            null,
            "不接受 ${value.javaClass.simpleName}，数字请用 BigDecimal、Long 或文本",
            "${value.javaClass.simpleName} is not taken: give numbers as BigDecimal, Long or text",
        )
    }
}

/** All its digits, zeros at the end too; one that would need a screenful is left to the core to refuse. */
internal fun decimalText(value: BigDecimal): String =
    if (value.scale() in -MOST_PLACES..MOST_PLACES) value.toPlainString() else value.toString()

private const val MOST_PLACES = 400

/** Half of a surrogate pair is written as `\uXXXX`: the core tells where it stands. */
private fun quote(text: String, out: StringBuilder) {
    out.append('"')
    text.forEachIndexed { at, char ->
        val half = char.isHighSurrogate() && text.getOrNull(at + 1)?.isLowSurrogate() != true ||
            char.isLowSurrogate() && text.getOrNull(at - 1)?.isHighSurrogate() != true
        when {
            char == '"' || char == '\\' -> out.append('\\').append(char)
            char < ' ' || half -> out.append("\\u%04x".format(char.code))
            else -> out.append(char)
        }
    }
    out.append('"')
}
