package io.github.nnopen

import io.github.nnopen.core.CoreException
import io.github.nnopen.core.InternalException
import java.nio.charset.CharacterCodingException
import java.time.Instant
import io.github.nnopen.core.Failure as NativeFailure
import io.github.nnopen.core.Violation as NativeViolation

/**
 * 为什么没有结果，接下来做什么 · Why there is no result, and what to do next.
 *
 * 种类 · Kinds: [InputException] 改参数 fix the params, [UsageException] 改用法 fix the driver, [AuthException] 重新取令牌
 * sign in again, [PlatformException] 看返回码 read the code, [ReplyException] 报告问题 report a bug,
 * [TransportException] 什么都没发生，可以重试 nothing was done, [UncertainException] 可能已经做了：先查询，只有 settle
 * 可以再发 it may have been done: ask first, only settle may send again.
 */
public sealed class NnopenException(
    /** 全部细节 · All that is known. */
    public val failure: Failure,
    cause: Throwable?,
) : RuntimeException(failure.toString(), cause) {
    /** `input`、`usage`、`auth`、`platform`、`reply`、`transport`、`uncertain` */
    public val kind: String get() = failure.kind

    /** 平台的返回码，或失败发票的状态 · The platform's code, or a failed invoice's status. */
    public val code: String? get() = failure.code
}

public class InputException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class UsageException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class AuthException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class PlatformException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class ReplyException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class TransportException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

public class UncertainException internal constructor(failure: Failure, cause: Throwable?) : NnopenException(failure, cause)

/**
 * @property code 平台的返回码，或失败发票的状态 · the platform's code, or a failed invoice's status
 * @property describe 发生了什么 · what happened
 * @property hintZh 怎么办 · what to do, in Chinese
 * @property hintEn what to do, in English
 * @property violations 参数的全部问题 · all that is wrong with the params
 * @property retryAt 何时重试才有意义 · when trying again can help
 * @property retry `no`、`later`、`sign_in`、`ask`
 * @property orderFree 订单号可否再用 · whether the order number may be used again
 * @property result 平台附带的内容，数字都是文本 · what the platform sent along, numbers as texts
 */
public class Failure internal constructor(
    public val kind: String,
    public val code: String?,
    public val describe: String,
    public val hintZh: String,
    public val hintEn: String,
    public val violations: List<Violation>,
    public val retryAt: Instant?,
    public val retry: String,
    public val orderFree: Boolean,
    public val result: Any?,
) {
    override fun toString(): String {
        val faults = violations.filter { it.isError }
        val what = if (faults.isEmpty()) describe else faults.joinToString("; ")
        return "$kind${code?.let { " $it" } ?: ""}: $what" + if (hintZh.isEmpty()) "" else " | $hintZh"
    }

    internal fun exception(cause: Throwable? = null): NnopenException = when (kind) {
        "input" -> InputException(this, cause)
        "auth" -> AuthException(this, cause)
        "platform" -> PlatformException(this, cause)
        "reply" -> ReplyException(this, cause)
        "transport" -> TransportException(this, cause)
        "uncertain" -> UncertainException(this, cause)
        else -> UsageException(this, cause)
    }

    internal companion object {
        fun of(told: NativeFailure) = Failure(
            told.kind,
            told.code,
            told.describe,
            told.hintZh,
            told.hintEn,
            told.violations.map(Violation::of),
            told.retryAt?.let(Instant::ofEpochMilli),
            told.retry,
            told.orderFree,
            told.result?.let(::readJson),
        )

        fun here(kind: String, describe: String, violations: List<Violation> = emptyList()) =
            Failure(kind, null, describe, "", "", violations, null, "no", false, null)
    }
}

/**
 * 参数的一处问题 · One thing wrong with params.
 *
 * @property path 例如 `order.invoiceDetail[0].tax`
 * @property severity `error` 不会发送 nothing is sent，或 `warning`
 * @property code 平台会给的返回码，若已知 · the code that the platform would answer, if that is known
 */
public class Violation internal constructor(
    public val path: String,
    public val rule: String,
    public val severity: String,
    public val code: String?,
    public val messageZh: String,
    public val messageEn: String,
) {
    public val isError: Boolean get() = severity == "error"

    override fun toString(): String = "$path: $messageZh"

    internal companion object {
        fun of(told: NativeViolation) = Violation(told.path, told.rule, told.severity, told.code, told.zh, told.en)
    }
}

/** Runs `work` of the core; what it throws becomes an exception of its kind. */
internal inline fun <T> told(cause: Throwable? = null, work: () -> T): T = try {
    work()
} catch (failed: CoreException.Told) {
    throw Failure.of(failed.failure).exception(cause)
} catch (ended: IllegalStateException) {
    throw Failure.here("usage", ended.message ?: "the call has ended").exception(cause)
} catch (half: CharacterCodingException) {
    throw Failure.here("usage", "a text holds half of a surrogate pair").exception(half)
} catch (fault: InternalException) {
    throw Failure.here("usage", "nnopen met a fault of its own: please report it").exception(cause)
}
