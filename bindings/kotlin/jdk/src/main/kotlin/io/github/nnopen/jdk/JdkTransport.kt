package io.github.nnopen.jdk

import io.github.nnopen.Answer
import io.github.nnopen.AsyncTransport
import io.github.nnopen.NoAnswer
import io.github.nnopen.Request
import io.github.nnopen.Transport
import java.io.IOException
import java.net.ConnectException
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodySubscriber
import java.net.http.HttpResponse.BodySubscribers
import java.nio.ByteBuffer
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage
import java.util.concurrent.ExecutionException
import java.util.concurrent.Flow
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import javax.net.ssl.SSLHandshakeException

/**
 * 用 JDK 自带的 java.net.http，Java 11 起 · Over the JDK's own java.net.http.
 *
 * 代理、信任的证书等在自己的 [HttpClient] 上设置；不要让它跟随重定向 · Set proxies and certificates on a client of your own;
 * it must not follow redirects.
 *
 * @param timeout 从连接到读完应答 · from connecting to the answer's last byte
 */
public class JdkTransport
@JvmOverloads
constructor(
    private val http: HttpClient = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build(),
    private val timeout: Duration = Duration.ofSeconds(30),
) : Transport, AsyncTransport {
    init {
        require(http.followRedirects() == HttpClient.Redirect.NEVER) { "a signed request must not be redirected" }
    }

    override fun send(request: Request): Answer {
        val answer = sendAsync(request).toCompletableFuture()
        try {
            return answer.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS)
        } catch (interrupted: InterruptedException) {
            answer.cancel(true)
            Thread.currentThread().interrupt()
            throw NoAnswer(false, "interrupted", interrupted)
        } catch (failed: ExecutionException) {
            throw noAnswer(failed)
        } catch (late: TimeoutException) {
            answer.cancel(true)
            throw NoAnswer(false, "no answer in time", late)
        }
    }

    override fun sendAsync(request: Request): CompletionStage<Answer> {
        // HTTP/1.1 keeps the spelling of the headers' names.
        val built = HttpRequest.newBuilder(URI.create(request.url)).version(HttpClient.Version.HTTP_1_1).timeout(timeout)
        request.headers.forEach { (name, value) -> built.header(name, value) }
        val sent = http.sendAsync(built.POST(HttpRequest.BodyPublishers.ofByteArray(request.body)).build()) { Limited() }
        val told = CompletableFuture<Answer>()
        sent.whenComplete { response: HttpResponse<ByteArray>?, fault: Throwable? ->
            if (response != null) told.complete(Answer(response.statusCode(), response.body())) else told.completeExceptionally(noAnswer(fault!!))
        }
        told.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        // Cancelled or too late: the connection is given up too.
        told.whenComplete { _, _ -> if (!sent.isDone) sent.cancel(true) }
        return told
    }

    private fun noAnswer(fault: Throwable): NoAnswer {
        val cause = generateSequence(fault) { it.cause }.first { it !is CompletionException && it !is ExecutionException }
        if (cause is NoAnswer) return cause
        val notSent = cause is ConnectException || cause is SSLHandshakeException
        return NoAnswer(notSent, "${cause.javaClass.simpleName}: ${cause.message}", cause)
    }

    /** The answer's bytes, up to a size that no answer has. */
    private class Limited(
        private val inner: BodySubscriber<ByteArray> = BodySubscribers.ofByteArray(),
    ) : BodySubscriber<ByteArray> {
        private var left = LARGEST
        private var upstream: Flow.Subscription? = null

        override fun getBody(): CompletionStage<ByteArray> = inner.body

        override fun onSubscribe(subscription: Flow.Subscription) {
            upstream = subscription
            inner.onSubscribe(subscription)
        }

        override fun onNext(parts: List<ByteBuffer>) {
            left -= parts.sumOf { it.remaining().toLong() }
            if (left >= 0) return inner.onNext(parts)
            upstream?.cancel()
            inner.onError(IOException("the answer is too large"))
        }

        override fun onError(fault: Throwable): Unit = inner.onError(fault)

        override fun onComplete(): Unit = inner.onComplete()
    }

    private companion object {
        const val LARGEST = 64L * 1024 * 1024
    }
}
