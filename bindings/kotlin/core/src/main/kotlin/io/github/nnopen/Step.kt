package io.github.nnopen

/** [Call] 与 [Batch] 共有的：告诉它发生了什么 · What a [Call] and a [Batch] are told alike. */
public interface Talk {
    /** 收到应答 · The answer to the request sent last. */
    public fun receive(status: Int, body: ByteArray, now: Long)

    /** 没有应答；`notSent` 只在确实没有发出时为真 · No answer came; not sent only if it surely did not leave. */
    public fun fail(notSent: Boolean, reason: String, now: Long)

    /** 存放处现有的内容；没有则为 0 与空 · What the store holds; 0 and nothing, if nothing was put there yet. */
    public fun loaded(version: Long, bytes: ByteArray, now: Long)

    /** 存放处换没换成 · Whether the store still held that version and took the bytes. */
    public fun swapped(stored: Boolean, now: Long)

    /** 存放处读写失败 · The store could not be read or written. */
    public fun storeFailed(reason: String, now: Long)
}

/** 现在该做什么 · What the host is to do next. */
public sealed interface Step {
    /** 用 POST 发送，内容一个字节都不改 · POST it, the body byte for byte. */
    public class Send internal constructor(public val request: Request) : Step, BatchStep

    /** 到这个时刻再来，毫秒 · Step again at this time, in milliseconds since 1970. */
    public class Wait internal constructor(public val until: Long) : Step, BatchStep

    /** 读令牌的存放处 · Read the token's store. */
    public object Load : Step, BatchStep

    /** 存放处若还是这个版本，就换成这些字节 · Put the bytes into the store if it still holds this version. */
    public class Swap internal constructor(public val version: Long, public val bytes: ByteArray) : Step, BatchStep

    /** 完成；[json] 是结果的原文 · Done; [json] is the result's own text. */
    public class Done internal constructor(public val json: String) : Step
}

/** 跟踪订单时该做什么 · The same of a [Batch]. */
public sealed interface BatchStep {
    /** 收下它，再来 · Take it in, then step again. */
    public class Event internal constructor(public val event: BatchEvent) : BatchStep

    /** 没有在跟踪的订单 · Nothing is followed. */
    public object Idle : BatchStep
}
