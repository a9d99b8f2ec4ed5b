package io.github.nnopen.okhttp

import io.github.nnopen.Answer
import io.github.nnopen.AsyncTransport
import io.github.nnopen.NoAnswer
import io.github.nnopen.Request
import io.github.nnopen.Transport
import okhttp3.Authenticator
import okhttp3.Call
import okhttp3.Callback
import okhttp3.MediaType
import okhttp3.OkHttpClient
import okhttp3.RequestBody
import okhttp3.Response
import okio.BufferedSink
import java.io.IOException
import java.net.ConnectException
import java.net.UnknownHostException
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import javax.net.ssl.SSLHandshakeException
import okhttp3.Request as HttpRequest

/**
 * 用 OkHttp，Java 8 与 Android · Over OkHttp.
 *
 * 自己的 [OkHttpClient] 的代理、证书、连接池都照用；重定向与自动重发一律关掉 · Proxies, certificates and pool of your own
 * client are kept; redirects and whatever would send a request again are turned off.
 *
 * @param timeout 从连接到读完应答 · from connecting to the answer's last byte
 */
public class OkHttpTransport
@JvmOverloads
constructor(http: OkHttpClient = OkHttpClient(), timeout: Duration = Duration.ofSeconds(30)) : Transport, AsyncTransport {
    private val http = http.newBuilder()
        .callTimeout(timeout)
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .authenticator(Authenticator.NONE)
        // OkHttp sends again by itself what is answered 503 with `Retry-After: 0`.
        .addNetworkInterceptor { chain -> chain.proceed(chain.request()).newBuilder().removeHeader("Retry-After").build() }
        .build()

    override fun send(request: Request): Answer = try {
        http.newCall(built(request)).execute().use(::answer)
    } catch (fault: IOException) {
        throw noAnswer(fault)
    }

    override fun sendAsync(request: Request): CompletionStage<Answer> {
        val call = http.newCall(built(request))
        val told = CompletableFuture<Answer>()
        told.whenComplete { _, _ -> if (told.isCancelled) call.cancel() }
        call.enqueue(object : Callback {
            override fun onFailure(call: Call, e: IOException) {
                told.completeExceptionally(noAnswer(e))
            }

            override fun onResponse(call: Call, response: Response) {
                try {
                    told.complete(response.use(::answer))
                } catch (fault: IOException) {
                    told.completeExceptionally(noAnswer(fault))
                }
            }
        })
        return told
    }

    private fun built(request: Request): HttpRequest {
        val built = HttpRequest.Builder().url(request.url).post(Once(request.body))
        request.headers.forEach { (name, value) -> built.addHeader(name, value) }
        return built.build()
    }

    private fun answer(response: Response): Answer {
        val source = response.body.source()
        if (source.request(LARGEST + 1)) throw IOException("the answer is too large")
        return Answer(response.code, source.readByteArray())
    }

    private fun noAnswer(fault: IOException): NoAnswer {
        val notSent = fault is ConnectException || fault is SSLHandshakeException || fault is UnknownHostException
        return NoAnswer(notSent, "${fault.javaClass.simpleName}: ${fault.message}", fault)
    }

    /** A body that OkHttp never sends twice. */
    private class Once(private val bytes: ByteArray) : RequestBody() {
        override fun contentType(): MediaType? = null

        override fun contentLength(): Long = bytes.size.toLong()

        override fun isOneShot(): Boolean = true

        override fun writeTo(sink: BufferedSink) {
            sink.write(bytes)
        }
    }

    private companion object {
        const val LARGEST = 64L * 1024 * 1024
    }
}
