package io.github.nnopen

import io.github.nnopen.core.Grant
import java.time.Instant
import io.github.nnopen.core.Call as NativeCall
import io.github.nnopen.core.Session as NativeSession
import io.github.nnopen.core.Step as NativeStep

/**
 * 内核：自己不联网、不看时钟 · The core: no network, no clock. [Client] drives it; use it yourself to drive it otherwise.
 *
 * 线程安全。[close] 只是提前释放内存 · Safe to share between threads. [close] only frees its memory earlier.
 *
 * @param shared 令牌与别的进程共用：步骤里会有 [Step.Load]、[Step.Swap] · whether the token is shared through a store
 */
public class Session
@JvmOverloads
constructor(config: Config, shared: Boolean = false) : AutoCloseable {
    private val native: NativeSession = told { NativeSession.open(config.native(shared)) }

    /** 调用一次 · Once. */
    public fun <R> call(endpoint: Endpoint<R>): Call<R> =
        start("call", endpoint.methodName(), endpoint.toJson(), endpoint::readResult)

    /** 问到有结果为止 · Asked again until no row is pending. */
    public fun <R> poll(endpoint: Polls<R>): Call<R> =
        start("poll", endpoint.methodName(), endpoint.toJson(), endpoint::readResult)

    /** 写操作，一直跟到最终结果 · A write, followed to its end. */
    public fun <S> settle(endpoint: Settles<*, S>): Call<S> =
        start("settle", endpoint.methodName(), endpoint.toJson(), endpoint::readSettled)

    /** 同上，但先查询：以前可能发过 · The same, asking first: it may have been sent before. */
    public fun <S> settleAgain(endpoint: Settles<*, S>): Call<S> =
        start("settle_again", endpoint.methodName(), endpoint.toJson(), endpoint::readSettled)

    /** 按接口名开始：`call`、`poll`、`settle`、`settle_again` · By the method's name, the params as JSON text. */
    public fun start(mode: String, method: String, params: String): Call<Any?> = start(mode, method, params) { it }

    private fun <R> start(mode: String, method: String, params: String, read: (Any?) -> R): Call<R> =
        Call(told { native.start(mode, method, params) }, read)

    /** 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte. */
    public fun raw(method: String, body: String): Call<Any?> = Call(told { native.startRaw(method, body) }) { it }

    /** 接着做 [Call.snapshot] 保存的事 · Goes on with a call that was kept by [Call.snapshot]. */
    public fun resume(snapshot: String): Call<Any?> = Call(told { native.resume(snapshot) }) { it }

    /** 取令牌 · Gets a token now, with key and secret; a call does so by itself when it needs one. */
    public fun signIn(): Call<SignedIn> = signIn(Grant.ClientCredentials)

    /** 第三方应用：用企业的授权取令牌 · With a merchant's authorisation. */
    public fun signIn(code: Secret, taxNum: String, redirectUri: String): Call<SignedIn> =
        signIn(Grant.AuthorizationCode(code, taxNum, redirectUri))

    /** 用刷新令牌换新令牌 · With the refresh token that is held. */
    public fun refresh(): Call<SignedIn> = signIn(Grant.Refresh)

    private fun signIn(grant: Grant) = Call(told { native.signIn(grant) }) { SignedIn(wholeMembers(it)) }

    /** 同时跟踪许多订单 · Follows many orders at once; it asks and never writes. */
    @JvmOverloads
    public fun follow(method: String, rules: BatchRules = BatchRules()): Batch =
        Batch(told { native.follow(method, rules.native()) })

    /** 企业授权的页面 · The page on which a merchant authorises this application. */
    public fun authorizeUrl(redirectUri: String, state: String): String = told { native.authorizeUrl(redirectUri, state) }

    /** 读授权后的跳转地址 · Reads the return from that page. */
    public fun readReturn(url: String, state: String): Returned {
        val read = told { native.readReturn(Secret(url), state) }
        return Returned(read.code, read.taxNum, read.stateMatched)
    }

    /** 令牌、账本与暂停；放在只有自己读得到的地方 · Token, ledger and pause: keep it where only you can read it. */
    public fun snapshot(): Secret = told { native.snapshot() }

    public fun restore(snapshot: Secret): Unit = told { native.restore(snapshot) }

    /** 快照变了就变大 · Grows whenever the snapshot changes. */
    public fun revision(): Long = native.revision()

    public fun storeKey(): String = native.storeKey()

    /** 设置里看着不对的地方 · What looks wrong in the settings. */
    public fun warnings(): List<Words> = native.warnings().map { Words(it.zh, it.en) }

    override fun close(): Unit = native.close()
}

/** 中文与英文 · A text in both languages. */
public class Words internal constructor(public val zh: String, public val en: String) {
    override fun toString(): String = "$zh · $en"
}

/** 取令牌的结果，不含令牌 · What a sign-in gave, without the token itself. */
public class SignedIn internal constructor(members: Map<String, Any?>) : Shape(members) {
    public val taxNum: String? get() = text(this["taxNum"])
    public val userId: String? get() = text(this["userId"])
    public val expiresAt: Instant? get() = integer(this["expiresAt"])?.let(Instant::ofEpochMilli)
}

/** @property stateMatched state 是否一致；不一致就不要用 · whether the state came back; if not, do not take it blindly */
public class Returned internal constructor(
    public val code: Secret,
    public val taxNum: String?,
    public val stateMatched: Boolean,
)

/** 进行中的一件事 · One thing that is wanted, in progress: ask what to do, do it, tell what came. */
public class Call<R> internal constructor(private val native: NativeCall, private val read: (Any?) -> R) : Talk, AutoCloseable {
    /** 现在该做什么 · What to do now. `entropy` is 20 fresh random bytes, `now` milliseconds since 1970. */
    @JvmOverloads
    public fun step(now: Long, entropy: ByteArray, cause: Throwable? = null): Step =
        when (val step = told(cause) { native.step(now, entropy) }) {
            is NativeStep.Send -> Step.Send(Request.of(step.head, step.body))
            is NativeStep.Wait -> Step.Wait(step.until)
            is NativeStep.Load -> Step.Load
            is NativeStep.Swap -> Step.Swap(step.version, step.bytes)
            is NativeStep.Done -> Step.Done(step.result)
        }

    override fun receive(status: Int, body: ByteArray, now: Long): Unit = told { native.receive(status, body, now) }

    override fun fail(notSent: Boolean, reason: String, now: Long): Unit = told { native.fail(notSent, reason, now) }

    override fun loaded(version: Long, bytes: ByteArray, now: Long): Unit = told { native.loaded(version, bytes, now) }

    override fun swapped(stored: Boolean, now: Long): Unit = told { native.swapped(stored, now) }

    override fun storeFailed(reason: String, now: Long): Unit = told { native.storeFailed(reason, now) }

    /** 保存下来，以后 [Session.resume]；含请求内容，不含密钥与令牌 · It holds the body, neither secret nor token. */
    public fun snapshot(): String = told { native.snapshot() }

    /** 参数里值得看一眼的地方 · What someone should look at in the params. */
    public fun warnings(): List<Violation> = native.warnings().map(Violation::of)

    /** [Step.Done] 的结果，带类型 · The result, typed. */
    public fun result(done: Step.Done): R = read(readJson(done.json))

    override fun close(): Unit = native.close()
}
