package io.github.nnopen

import java.util.concurrent.CompletionStage

/**
 * 怎样发送：实现它就能用自己的 HTTP 库 · How requests leave: implement it over your own HTTP library.
 *
 * 规则 · The rules: POST；[Request.body] 原样 byte for byte；不重定向 no redirects；不自行重试 no retries of its own；应答
 * 只要来了，不论状态都返回 an answer is returned whatever its status；没有应答抛 [NoAnswer] · none throws [NoAnswer].
 */
public fun interface Transport {
    @Throws(NoAnswer::class)
    public fun send(request: Request): Answer
}

/** 同上，不阻塞 · The same without blocking; failing with [NoAnswer]. Cancelling the stage's future ends the request. */
public fun interface AsyncTransport {
    public fun sendAsync(request: Request): CompletionStage<Answer>
}

/** 一个应答 · An answer. */
public class Answer(public val status: Int, public val body: ByteArray) {
    override fun toString(): String = "Answer($status, ${body.size} bytes)"
}

/** @property notSent 确实没有发出才为真：连接被拒、TLS 握手失败 · true only if it surely did not leave */
public class NoAnswer(public val notSent: Boolean, reason: String, cause: Throwable? = null) : Exception(reason, cause)

/** 要发送的请求 · A request to be sent; always a POST. */
public class Request internal constructor(
    public val url: String,
    /** 名与值；名称的大小写不要改 · Names and values; keep the names' spelling. */
    public val headers: List<Pair<String, String>>,
    public val body: ByteArray,
) {
    /** 不含查询串、请求头与内容 · Without query, headers and body. */
    override fun toString(): String = "POST ${url.substringBefore('?')} (${body.size} bytes)"

    internal companion object {
        fun of(head: Secret, body: ByteArray): Request {
            val lines = head.expose().split('\n')
            val headers = lines.drop(1).map { it.substringBefore(": ") to it.substringAfter(": ") }
            return Request(lines[0], headers, body)
        }
    }
}
