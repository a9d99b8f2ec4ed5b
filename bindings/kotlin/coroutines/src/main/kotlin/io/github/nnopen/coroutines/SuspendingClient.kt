package io.github.nnopen.coroutines

import io.github.nnopen.Answer
import io.github.nnopen.AsyncTransport
import io.github.nnopen.Batch
import io.github.nnopen.BatchEvent
import io.github.nnopen.BatchStep
import io.github.nnopen.Call
import io.github.nnopen.Client
import io.github.nnopen.Endpoint
import io.github.nnopen.NoAnswer
import io.github.nnopen.Polls
import io.github.nnopen.Push
import io.github.nnopen.Request
import io.github.nnopen.Settles
import io.github.nnopen.Step
import io.github.nnopen.Talk
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.withContext

/**
 * [Client] 的协程版：同样的动词，不占线程 · The verbs of [Client] for coroutines, holding no thread.
 *
 * 取消时正在发送的请求算“可能已发出” · A request in flight when cancelled counts as maybe sent: settle it again later.
 */
public class SuspendingClient
@JvmOverloads
constructor(
    public val client: Client,
    private val delay: suspend (milliseconds: Long) -> Unit = { kotlinx.coroutines.delay(it) },
) {
    /** 调用一次 · Once. */
    public suspend fun <R> call(endpoint: Endpoint<R>): R = run(client.session.call(endpoint))

    /** 查询，直到有结果 · Asks until there is an answer. */
    public suspend fun <R> poll(endpoint: Polls<R>): R = run(client.session.poll(endpoint))

    /** 写操作，一直跟到最终结果，不会重复 · A write followed to its end, never done twice. */
    public suspend fun <S> settle(endpoint: Settles<*, S>): S = run(client.session.settle(endpoint))

    /** 同上，但先查询 · The same, asking first: for what may have been sent before. */
    public suspend fun <S> settleAgain(endpoint: Settles<*, S>): S = run(client.session.settleAgain(endpoint))

    /** 按接口名调用，参数是 JSON 文本 · By the method's name on the wire, the params as JSON text. */
    public suspend fun named(method: String, params: String): Any? = run(client.session.start("call", method, params))

    /** 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte. */
    public suspend fun raw(method: String, body: String): Any? = run(client.session.raw(method, body))

    /** 查询确认一条回传 · Asks the platform what a push says; null if there is nothing to ask by. */
    public suspend fun confirm(push: Push): Any? = push.confirmMethod?.let { named(it, push.confirmParams ?: "{}") }

    /** 把一件事做到底 · Drives a call to its end. */
    public suspend fun <R> run(call: Call<R>): R = call.use {
        var cause: Throwable? = null
        while (true) {
            when (val step = call.step(now(), Client.entropy(), cause)) {
                is Step.Send -> cause = send(call, step.request)
                is Step.Wait -> await(step.until)
                is Step.Load, is Step.Swap -> withContext(Dispatchers.IO) { client.keep(call, step) }
                is Step.Done -> return call.result(step)
            }
        }
        @Suppress("UNREACHABLE_CODE")
        error("never")
    }

    /** 跟踪到没有订单为止 · Follows until nothing is left. */
    public fun follow(batch: Batch): Flow<BatchEvent> = flow {
        while (true) {
            when (val step = batch.step(now(), Client.entropy())) {
                is Step.Send -> send(batch, step.request)
                is Step.Wait -> await(step.until)
                is Step.Load -> withContext(Dispatchers.IO) { client.keep(batch, Step.Load) }
                is Step.Swap -> withContext(Dispatchers.IO) { client.keep(batch, step) }
                is BatchStep.Event -> emit(step.event)
                is BatchStep.Idle -> return@flow
            }
        }
    }

    private suspend fun send(talk: Talk, request: Request): Throwable? {
        val answer = try {
            post(request)
        } catch (lost: NoAnswer) {
            talk.fail(lost.notSent, lost.message ?: "", now())
            return lost
        } catch (fault: Throwable) {
            // Cancelled, or a transport of the user's own broke: the request may have left all the same.
            talk.fail(false, fault.javaClass.simpleName, now())
            throw fault
        }
        talk.receive(answer.status, answer.body, now())
        return null
    }

    private suspend fun post(request: Request): Answer {
        val transport = client.transport
        if (transport is AsyncTransport) return transport.sendAsync(request).await()
        return withContext(Dispatchers.IO) { transport.send(request) }
    }

    private suspend fun await(until: Long): Unit = delay((until - now()).coerceIn(0, LONGEST_SLEEP))

    private fun now() = client.clock.now()

    private companion object {
        const val LONGEST_SLEEP = 5_000L
    }
}
