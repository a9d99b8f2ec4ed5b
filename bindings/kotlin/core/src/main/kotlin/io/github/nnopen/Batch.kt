package io.github.nnopen

import java.time.Instant
import io.github.nnopen.core.Batch as NativeBatch
import io.github.nnopen.core.BatchEvent as NativeEvent
import io.github.nnopen.core.BatchRules as NativeRules
import io.github.nnopen.core.BatchStep as NativeStep

/**
 * 怎样跟踪；不给的由内核定 · How a batch asks; what is not given is the core's own choice.
 *
 * @property by `orderNos` 或 `serialNos`
 * @property rate 每秒请求数 · requests a second
 * @property slowest 秒 · seconds
 * @property giveUp 秒 · seconds
 * @property with 每次查询另加的参数 · more params of each query
 */
public class BatchRules
@JvmOverloads
constructor(
    public val by: String? = null,
    public val rate: Int? = null,
    public val slowest: Int? = null,
    public val giveUp: Int? = null,
    public val with: Map<String, Any?> = emptyMap(),
) {
    internal fun native() =
        NativeRules(by, rate, slowest, giveUp, if (with.isEmpty()) null else writeJson(with))
}

/** 同时跟踪许多订单；[Client.follow] 驱动它 · Many orders followed at once; [Client.follow] drives it. */
public class Batch internal constructor(private val native: NativeBatch) : Talk, AutoCloseable {
    /** 跟踪一个在 `since` 提交的订单 · Follows an order; `false` if it is followed already. */
    public fun add(key: String, since: Long, now: Long): Boolean = told { native.add(key, since, now) }

    /** 有回传提到它 · A push came about this order; `false` if it is not followed. */
    public fun hint(key: String, now: Long): Boolean = told { native.hint(key, now) }

    /** 现在该做什么 · What to do now. */
    public fun step(now: Long, entropy: ByteArray): BatchStep = when (val step = told { native.step(now, entropy) }) {
        is NativeStep.Send -> Step.Send(Request.of(step.head, step.body))
        is NativeStep.Wait -> Step.Wait(step.until)
        is NativeStep.Load -> Step.Load
        is NativeStep.Swap -> Step.Swap(step.version, step.bytes)
        is NativeStep.Event -> BatchStep.Event(BatchEvent.of(step.event))
        is NativeStep.Idle -> BatchStep.Idle
    }

    override fun receive(status: Int, body: ByteArray, now: Long): Unit = told { native.receive(status, body, now) }

    override fun fail(notSent: Boolean, reason: String, now: Long): Unit = told { native.fail(notSent, reason, now) }

    override fun loaded(version: Long, bytes: ByteArray, now: Long): Unit = told { native.loaded(version, bytes, now) }

    override fun swapped(stored: Boolean, now: Long): Unit = told { native.swapped(stored, now) }

    override fun storeFailed(reason: String, now: Long): Unit = told { native.storeFailed(reason, now) }

    /** 进度 · Figures to show. */
    public fun progress(): Progress = told { native.progress() }.let {
        Progress(
            it.pending, it.done, it.failed, it.needsRetry, it.absent, it.gaveUp, it.queries, it.askedPerSecond,
            it.oldest?.let(Instant::ofEpochMilli),
        )
    }

    /** 还没有结果的订单；不含密钥与令牌 · All orders without an event yet: keys and times, neither secret nor token. */
    public fun snapshot(): String = told { native.snapshot() }

    /** 接着跟踪快照里的订单，返回数量 · Follows all orders of a snapshot too; the answer is how many came in. */
    public fun resume(snapshot: String, now: Long): Long = told { native.resume(snapshot, now) }

    override fun close(): Unit = native.close()
}

/**
 * 一个订单的结局，或眼下的麻烦 · What has become of an order, or what troubles the batch.
 *
 * @property kind `done`、`failed`、`needs_retry`、`absent`、`gave_up`；`trouble` 不是结局 is no end
 * @property keys 订单；`trouble` 时是所问的全部 · the order; with `trouble`, all that were asked about
 * @property rows 订单的各行 · the order's rows
 * @property failure `trouble` 的原因 · why, with `trouble`
 */
public class BatchEvent internal constructor(
    public val kind: String,
    public val keys: List<String>,
    public val rows: Any?,
    public val failure: Failure?,
) {
    internal companion object {
        fun of(told: NativeEvent) =
            BatchEvent(told.kind, told.keys, told.rows?.let(::readJson), told.failure?.let { Failure.of(it) })
    }
}

/** @property pending 还在跟踪 · orders that are followed; @property queries 已发的查询 · queries sent so far */
public class Progress internal constructor(
    public val pending: Long,
    public val done: Long,
    public val failed: Long,
    public val needsRetry: Long,
    public val absent: Long,
    public val gaveUp: Long,
    public val queries: Long,
    public val askedPerSecond: Long,
    public val oldest: Instant?,
)
