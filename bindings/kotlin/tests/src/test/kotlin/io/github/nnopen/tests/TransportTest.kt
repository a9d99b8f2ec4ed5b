package io.github.nnopen.tests

import io.github.nnopen.AsyncTransport
import io.github.nnopen.Client
import io.github.nnopen.Config
import io.github.nnopen.NoAnswer
import io.github.nnopen.Request
import io.github.nnopen.Secret
import io.github.nnopen.Session
import io.github.nnopen.Step
import io.github.nnopen.Transport
import io.github.nnopen.UncertainException
import io.github.nnopen.api.invoicing.RequestBillingNew
import io.github.nnopen.coroutines.SuspendingClient
import io.github.nnopen.jdk.JdkTransport
import io.github.nnopen.okhttp.OkHttpTransport
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import okhttp3.OkHttpClient
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import java.time.Duration
import java.util.concurrent.ExecutionException
import java.util.concurrent.atomic.AtomicInteger

class JdkTransportTest : TransportTest({ timeout -> JdkTransport(timeout = timeout) }) {
    @Test fun `a client that follows redirects is refused`() {
        val http = java.net.http.HttpClient.newBuilder().followRedirects(java.net.http.HttpClient.Redirect.ALWAYS).build()
        assertThrows(IllegalArgumentException::class.java) { JdkTransport(http) }
    }
}

class OkHttpTransportTest : TransportTest({ timeout ->
    // A user's client that would send again and again.
    val eager = OkHttpClient.Builder().retryOnConnectionFailure(true).followRedirects(true)
        .authenticator { _, response -> response.request.newBuilder().build() }.build()
    OkHttpTransport(eager, timeout)
})

/** Servers that do what they should not: a signed request leaves once, whatever is answered. */
abstract class TransportTest(private val make: (Duration) -> Transport) {
    private val transport = make(Duration.ofSeconds(5))

    @Test fun `the headers' spelling and the body's bytes are kept`() {
        val server = Server { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" }
        val answer = transport.send(request(server))
        assertEquals(200 to "{}", answer.status to String(answer.body))
        val told = server.told.single()
        for (name in listOf("\r\nX-Nuonuo-Sign: ", "\r\naccessToken: T-1\r\n", "\r\nuserTax: $TAX_NUM\r\n", "\r\nmethod: ")) assertTrue(name in told, told)
        assertTrue(told.endsWith("\r\n\r\n{\"orderNos\":[\"订单 1\"]}"), told)
        assertEquals(1, Regex("(?i)content-type: ").findAll(told).count())
    }

    @Test fun `no answer makes it leave twice`() {
        val answers = listOf(
            "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 408 Late\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 307 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 421 Elsewhere\r\nContent-Length: 0\r\n\r\n",
        )
        for (told in answers) {
            val server = Server { told }
            val status = told.substring(9, 12).toInt()
            // A client that can't show an answer may say so; what it may not is send again.
            runCatching { transport.send(request(server)) }.onSuccess { assertEquals(status, it.status) }
                .onFailure { assertFalse((it as NoAnswer).notSent) }
            assertEquals(1, server.requests.get(), told)
        }
    }

    @Test fun `a connection that breaks is maybe sent, one that is refused is not`() {
        val server = Server { null }
        assertFalse(assertThrows(NoAnswer::class.java) { transport.send(request(server)) }.notSent)
        assertEquals(1, server.requests.get())
        val closed = Server { "" }.apply { close() }
        assertTrue(assertThrows(NoAnswer::class.java) { transport.send(request(closed)) }.notSent)
    }

    @Test fun `a kept connection that breaks does not make it leave again`() {
        val answers = java.util.concurrent.ConcurrentLinkedQueue(listOf("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
        val server = Server { answers.poll() }
        assertEquals(200, transport.send(request(server)).status)
        assertFalse(assertThrows(NoAnswer::class.java) { transport.send(request(server)) }.notSent)
        assertEquals(2, server.requests.get())
    }

    @Test fun `an answer that does not end is given up`() {
        val server = Server { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{" }.apply { keepOpen = true }
        val quick = make(Duration.ofMillis(400))
        assertFalse(assertThrows(NoAnswer::class.java) { quick.send(request(server)) }.notSent)
        val async = assertThrows(ExecutionException::class.java) { (quick as AsyncTransport).sendAsync(request(server)).toCompletableFuture().get() }
        assertFalse((async.cause as? NoAnswer)?.notSent ?: false)
    }

    @Test fun `a cancelled coroutine leaves a write that is asked for later`() = runBlocking {
        val server = Server { "" }.apply { keepOpen = true }
        val client = Client(server.config("PERMANENT-1"), transport)
        val call = client.session.call(order("K-1"))
        assertNull(withTimeoutOrNull(500) { SuspendingClient(client).run(call) })
        assertEquals(1, server.requests.get())
        // The same write may not just be sent again: it must be asked for.
        val kept = client.session.settleAgain(order("K-1")).step(System.currentTimeMillis(), Client.entropy())
        assertTrue(kept is Step.Wait || kept is Step.Send && "queryInvoiceResult" in kept.request.headers.toString())
    }

    @Test fun `a transport of one's own that breaks makes a write uncertain`() {
        val broken = Transport { throw NoAnswer(false, "the line broke") }
        val uncertain = assertThrows(UncertainException::class.java) {
            Client(Server { "" }.config("PERMANENT-1"), broken).call(order("K-2"))
        }
        assertEquals("the line broke", uncertain.cause?.message)
    }

    private fun request(server: Server): Request {
        val call = Session(server.config("T-1")).raw("nuonuo.OpeMplatform.queryInvoiceResult", "{\"orderNos\":[\"订单 1\"]}")
        return (call.step(System.currentTimeMillis(), Client.entropy()) as Step.Send).request
    }
}

/** Answers each request with the same bytes, or none. */
class Server(private val answer: () -> String?) : AutoCloseable {
    private val socket = ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))
    val requests = AtomicInteger()
    val told = java.util.Collections.synchronizedList(mutableListOf<String>())
    var keepOpen = false

    init {
        Thread { while (!socket.isClosed) runCatching { socket.accept() }.onSuccess { Thread { serve(it) }.apply { isDaemon = true }.start() } }
            .apply { isDaemon = true }.start()
    }

    fun config(token: String) = Config(
        "SD00000001", Secret(SECRET), TAX_NUM, permanentToken = Secret(token),
        serviceUrl = "http://127.0.0.1:${socket.localPort}/open/v1/services", tokenUrl = "http://127.0.0.1:${socket.localPort}/accessToken",
    )

    private fun serve(peer: Socket) = peer.use {
        val input = peer.getInputStream()
        while (true) {
            val head = StringBuilder()
            while (!head.endsWith("\r\n\r\n")) head.append(input.read().also { if (it < 0) return }.toChar())
            val length = Regex("(?i)content-length: (\\d+)").find(head)?.groupValues?.get(1)?.toInt() ?: 0
            told += head.toString() + String(input.readNBytes(length))
            requests.incrementAndGet()
            peer.getOutputStream().write((answer() ?: return).toByteArray())
            peer.getOutputStream().flush()
            if (keepOpen) Thread.sleep(3_000)
        }
    }

    override fun close() = socket.close()
}
