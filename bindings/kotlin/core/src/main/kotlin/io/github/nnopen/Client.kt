package io.github.nnopen

import java.security.SecureRandom

/**
 * 诺诺开放平台的客户端 · The client: drives the core over a transport, keeps the token in a store.
 *
 * ```kotlin
 * val client = Client(Config(appKey, appSecret, taxNum), OkHttpTransport())
 * val invoices = client.settle(RequestBillingNew(order))
 * ```
 *
 * 线程安全，阻塞；协程用 `nnopen-coroutines` · Safe to share between threads; it blocks.
 *
 * @param store 令牌放在哪里；不给则是 [FileStore]，本用户各语言的程序共用（Android 上只在本客户端内） · where the token is kept; without
 * one, in the [FileStore] that all programs of this user share, in every language (on Android: in this client alone)
 */
public class Client
@JvmOverloads
constructor(
    config: Config,
    public val transport: Transport,
    store: TokenStore? = null,
    public val clock: Clock = Clock.SYSTEM,
) : AutoCloseable {
    /** 令牌放在哪里；null：只在本客户端内 · Where the token is kept; null: in this client alone. */
    public val store: TokenStore? = when {
        // A permanent token is nothing to share.
        config.isPermanent -> null
        store == null && !isAndroid() -> FileStore()
        else -> store
    }

    public val session: Session = Session(config, this.store != null)

    /** 调用一次 · Once. */
    @Throws(NnopenException::class)
    public fun <R> call(endpoint: Endpoint<R>): R = run(session.call(endpoint))

    /** 查询，直到有结果 · Asks until there is an answer. */
    @Throws(NnopenException::class)
    public fun <R> poll(endpoint: Polls<R>): R = run(session.poll(endpoint))

    /** 开票等写操作，一直跟到最终结果；应答丢了就先查询，不会重复 · A write followed to its end, never done twice. */
    @Throws(NnopenException::class)
    public fun <S> settle(endpoint: Settles<*, S>): S = run(session.settle(endpoint))

    /** 同上，但先查询：进程被杀、任务重跑之后用它 · The same, asking first: for what may have been sent before. */
    @Throws(NnopenException::class)
    public fun <S> settleAgain(endpoint: Settles<*, S>): S = run(session.settleAgain(endpoint))

    /** 按接口名调用，参数是 JSON 文本 · By the method's name on the wire, the params as JSON text. */
    @Throws(NnopenException::class)
    public fun named(method: String, params: String): Any? = run(session.start("call", method, params))

    /** 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte. */
    @Throws(NnopenException::class)
    public fun raw(method: String, body: String): Any? = run(session.raw(method, body))

    /** 查询确认一条回传；无从查询则为 null · Asks the platform what a push says; null if there is nothing to ask by. */
    @Throws(NnopenException::class)
    public fun confirm(push: Push): Any? = push.confirmMethod?.let { named(it, push.confirmParams ?: "{}") }

    /** 把一件事做到底 · Drives a call to its end. */
    @Throws(NnopenException::class)
    public fun <R> run(call: Call<R>): R = call.use {
        var cause: Throwable? = null
        while (true) {
            when (val step = call.step(clock.now(), entropy(), cause)) {
                is Step.Send -> cause = send(call, step.request)
                is Step.Wait -> await(step.until)
                is Step.Load, is Step.Swap -> keep(call, step)
                is Step.Done -> return call.result(step)
            }
        }
        @Suppress("UNREACHABLE_CODE")
        error("never")
    }

    /**
     * 跟踪到没有订单为止；每件事告诉 `listener` · Follows until nothing is left; each event is handed to `listener`.
     *
     * 期间别的线程可以 [Batch.add] 与 [Batch.hint] · Other threads may add and hint meanwhile.
     */
    @Throws(NnopenException::class)
    public fun follow(batch: Batch, listener: BatchListener) {
        while (true) {
            when (val step = batch.step(clock.now(), entropy())) {
                is Step.Send -> send(batch, step.request)
                is Step.Wait -> await(step.until)
                is Step.Load -> keep(batch, Step.Load)
                is Step.Swap -> keep(batch, step)
                is BatchStep.Event -> listener.onEvent(step.event)
                is BatchStep.Idle -> return
            }
        }
    }

    /** Sends, and tells what came; what stood in the way is the cause of the exception that may follow. */
    private fun send(talk: Talk, request: Request): Throwable? {
        val answer = try {
            transport.send(request)
        } catch (lost: NoAnswer) {
            talk.fail(lost.notSent, lost.message ?: "", clock.now())
            return lost
        } catch (fault: Throwable) {
            // A transport of the user's own broke: the request may have left all the same.
            talk.fail(false, fault.javaClass.simpleName, clock.now())
            throw fault
        }
        talk.receive(answer.status, answer.body, clock.now())
        return null
    }

    private fun await(until: Long) {
        // Woken now and then, so that a clock that was set is noticed, and what others added meanwhile.
        clock.sleep((until - clock.now()).coerceIn(0, LONGEST_SLEEP))
    }

    /** 读写令牌的存放处 · Reads the token's store, or puts something there, and tells what came of it. */
    public fun keep(talk: Talk, step: Step) {
        val key = session.storeKey()
        val tell: () -> Unit = try {
            val store = checkNotNull(store) { "no store was given" }
            if (step is Step.Swap) {
                val stored = store.swap(key, step.version, step.bytes)
                fun() = talk.swapped(stored, clock.now())
            } else {
                val kept = store.load(key)
                fun() = talk.loaded(kept.version, kept.bytes, clock.now())
            }
        } catch (fault: Exception) {
            fun() = talk.storeFailed("${fault.javaClass.simpleName}: ${fault.message}", clock.now())
        }
        tell()
    }

    override fun close(): Unit = session.close()

    override fun toString(): String = "Client(${transport.javaClass.simpleName})"

    public companion object {
        private const val LONGEST_SLEEP = 5_000L

        /** An app has no home that other programs share. */
        private fun isAndroid() = System.getProperty("java.vendor") == "The Android Project"

        private val RANDOM = SecureRandom()

        /** 每步要的 20 个随机字节 · The 20 random bytes that each step takes. */
        @JvmStatic
        public fun entropy(): ByteArray = ByteArray(20).also(RANDOM::nextBytes)
    }
}

/** 收下跟踪的结果 · Takes in what became of orders. */
public fun interface BatchListener {
    public fun onEvent(event: BatchEvent)
}

/** 时钟 · The clock; tests bring their own. */
public interface Clock {
    /** 1970 年以来的毫秒 · Milliseconds since 1970. */
    public fun now(): Long

    public fun sleep(milliseconds: Long)

    public companion object {
        @JvmField
        public val SYSTEM: Clock = object : Clock {
            override fun now(): Long = System.currentTimeMillis()

            override fun sleep(milliseconds: Long): Unit = Thread.sleep(milliseconds)
        }
    }
}
