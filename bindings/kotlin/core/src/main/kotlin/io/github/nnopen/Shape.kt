package io.github.nnopen

import java.math.BigDecimal
import java.util.Collections

/**
 * 平台的一个对象：成员带类型，未知的成员也在 · An object of the platform: typed members, and the unknown ones kept.
 *
 * 相等按成员判断。`toString` 含全部成员，其中可能有个人信息 · Equal by members. `toString` shows all of them: there may be
 * personal data.
 */
public abstract class Shape(members: Map<String, Any?>) {
    private val members: Map<String, Any?> = Collections.unmodifiableMap(LinkedHashMap(members))

    /** 按平台上的名称取原值：文本、布尔、列表、Map · A member by its name on the wire, as it came. */
    public operator fun get(name: String): Any? = members[name]

    /** 全部成员，按平台上的名称 · All members by their names on the wire. */
    public fun toMap(): Map<String, Any?> = members

    /** JSON 文本 · As JSON text. */
    public fun toJson(): String = writeJson(members)

    override fun equals(other: Any?): Boolean =
        other is Shape && other.javaClass == javaClass && other.members == members

    override fun hashCode(): Int = members.hashCode()

    override fun toString(): String = javaClass.simpleName + members
}

/** 供 Java 使用 · What builders have in common. */
public abstract class ShapeBuilder<B : ShapeBuilder<B>> {
    @JvmSynthetic
    internal val members: MutableMap<String, Any?> = LinkedHashMap()

    /** 按平台上的名称放入一个成员；null 去掉它 · Puts a member by its name on the wire; null takes it away. */
    @Suppress("UNCHECKED_CAST")
    public fun put(name: String, value: Any?): B {
        if (value == null) members.remove(name) else members[name] = value
        return this as B
    }
}

/**
 * 代码：常量是已知的，其他值也能表示 · A code: the constants are those that are known, any other can be told as well.
 *
 * @property code 平台上的值 · as it is on the wire
 */
public abstract class Code(public val code: String) {
    override fun equals(other: Any?): Boolean = other is Code && other.javaClass == javaClass && other.code == code

    override fun hashCode(): Int = code.hashCode()

    override fun toString(): String = code
}

/** 一个接口与它的参数 · A method and its params. */
public interface Endpoint<R> {
    /** 接口名 · The method's name on the wire. */
    public fun methodName(): String

    /** 参数，JSON 文本 · The params as JSON text. */
    public fun toJson(): String

    /** 读结果 · Reads its result. */
    public fun readResult(value: Any?): R
}

/** 可以一直问到有结果的接口 · A method that can be asked until there is an answer. */
public interface Polls<R> : Endpoint<R>

/** 可以一直跟到最终结果的写操作 · A write that can be followed to its end. */
public interface Settles<R, S> : Endpoint<R> {
    /** 读最终结果 · Reads what became of it. */
    public fun readSettled(value: Any?): S
}

internal fun membersOf(vararg members: Pair<String, Any?>): Map<String, Any?> = members.filter { it.second != null }.toMap()

/** The members of an answer; one that is no object stands under the empty name. */
internal fun wholeMembers(value: Any?): Map<String, Any?> = when (value) {
    null -> emptyMap()
    else -> objectOf(value) ?: mapOf("" to value)
}

internal fun text(value: Any?): String? = when (value) {
    is String -> value
    is Code -> value.code
    is BigDecimal -> decimalText(value)
    is Boolean, is Number -> value.toString()
    else -> null
}

internal fun decimal(value: Any?): BigDecimal? {
    if (value is BigDecimal) return value
    val number = text(value)?.trim()?.toBigDecimalOrNull()
    return number?.takeIf { it.scale() in -400..400 }
}

internal fun integer(value: Any?): Long? = text(value)?.trim()?.toLongOrNull()

internal fun <T> shape(value: Any?, make: (Map<String, Any?>) -> T): T? = objectOf(value)?.let(make)

/** A single object where a list is meant is a list of one. */
internal fun <T : Any> list(value: Any?, read: (Any?) -> T?): List<T>? = when (value) {
    null -> null
    is Iterable<*> -> value.mapNotNull(read)
    else -> listOfNotNull(read(value))
}

@Suppress("UNCHECKED_CAST")
private fun objectOf(value: Any?): Map<String, Any?>? = when (value) {
    is Shape -> value.toMap()
    is Map<*, *> -> value as Map<String, Any?>
    else -> null
}
