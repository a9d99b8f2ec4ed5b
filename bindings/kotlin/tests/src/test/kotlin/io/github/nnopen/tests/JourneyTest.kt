package io.github.nnopen.tests

import com.sun.net.httpserver.HttpServer
import io.github.nnopen.BatchEvent
import io.github.nnopen.Client
import io.github.nnopen.MemoryStore
import io.github.nnopen.Nnopen
import io.github.nnopen.NnopenException
import io.github.nnopen.PlatformException
import io.github.nnopen.Push
import io.github.nnopen.TokenStore
import io.github.nnopen.Transport
import io.github.nnopen.TransportException
import io.github.nnopen.UncertainException
import io.github.nnopen.api.InvoiceLine
import io.github.nnopen.api.InvoiceStatus
import io.github.nnopen.api.RedReason
import io.github.nnopen.api.invoicing.RequestBillingNew
import io.github.nnopen.api.push.InvoiceResult
import io.github.nnopen.api.query.QueryInvoiceResult
import io.github.nnopen.coroutines.SuspendingClient
import io.github.nnopen.jdk.JdkTransport
import io.github.nnopen.okhttp.OkHttpTransport
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.File
import java.math.BigDecimal
import java.net.InetSocketAddress
import java.net.URI
import java.util.Collections
import java.util.concurrent.Executors
import java.util.concurrent.Future

class JdkJourneyTest : JourneyTest(JdkTransport())

class OkHttpJourneyTest : JourneyTest(OkHttpTransport())

/** From the token to the invoice against the simulator, strict about each header's spelling. */
abstract class JourneyTest(private val transport: Transport) {
    private val platform = Simulator("--strict")
    private val client = Client(platform.config, transport, MemoryStore(), platform.clock)

    @AfterEach fun stop() = platform.close()

    @Test fun `a token is fetched once for twenty threads`() {
        val threads = Executors.newFixedThreadPool(20)
        val codes: List<Future<String?>> = (1..20).map { at ->
            threads.submit<String?> {
                assertThrows(PlatformException::class.java) { client.call(QueryInvoiceResult(orderNos = listOf("NONE-$at"))) }.code
            }
        }
        assertEquals(setOf("E9500"), codes.map { it.get() }.toSet())
        threads.shutdown()
        assertEquals(1, platform.tokenCalls())
    }

    @Test fun `without a store the token is in the file of every program of this user`() {
        val folder = File(System.getenv("NNOPEN_STATE_DIR") ?: error("the tests must not use the home of whoever runs them"))
        val ask = { store: TokenStore? ->
            val one = Client(platform.config, transport, store, platform.clock)
            assertEquals("E9500", assertThrows(PlatformException::class.java) { one.call(QueryInvoiceResult(orderNos = listOf("NONE"))) }.code)
            one.session.storeKey()
        }
        val key = ask(null)
        ask(null)
        assertEquals(1, platform.tokenCalls())
        assertTrue("339901999999142" in File(folder, "$key.token").readText())
        ask(MemoryStore())
        assertEquals(2, platform.tokenCalls())
    }

    @Test fun `an invoice is checked, issued, waited for, fetched and taken back`() {
        // An older electronic invoice: it is taken back by an order, not by a form.
        val order = order("N-1", invoiceLine = InvoiceLine("p"))
        assertTrue(Nnopen.check(order).isOk)
        val taken = client.call(order)
        assertNotNull(taken.invoiceSerialNum)
        val (invoice) = client.poll(QueryInvoiceResult(orderNos = listOf("N-1"), isOfferInvoiceDetail = io.github.nnopen.api.YesNo("1")))
        assertEquals(InvoiceStatus("2"), invoice.status)
        assertEquals(BigDecimal("2598.00"), invoice.orderAmount)
        val document = Nnopen.documents(invoice).first { it.kind == "pdf" }
        assertEquals("%PDF", URI(document.url).toURL().openStream().use { String(it.readNBytes(4)) })
        val red = Nnopen.red(invoice.toJson(), "N-1-R", "2026-09-22 10:40:00", RedReason("1"))
        val order2 = RequestBillingNew(mapOf("order" to plain(parse(red))))
        val (back) = client.settle(order2)
        assertEquals(BigDecimal("-2598.00"), back.orderAmount)
    }

    @Test fun `a duplicate is refused and says what to do`() {
        client.call(order("D-1"))
        val refused = assertThrows(PlatformException::class.java) { client.call(order("D-1")) }
        assertEquals("E9106", refused.code)
        assertTrue(refused.failure.hintZh.isNotEmpty() && refused.failure.hintEn.isNotEmpty() && !refused.failure.orderFree)
    }

    @ParameterizedTest
    @ValueSource(strings = ["lost_before", "lost_after", "truncated", "html"])
    fun `a lost answer makes one invoice`(fault: String) {
        platform.fault(fault, RequestBillingNew.METHOD)
        val (invoice) = client.settle(order("S-$fault"))
        assertEquals(InvoiceStatus("2"), invoice.status)
        assertEquals(1, platform.invoices("S-$fault"))
    }

    @Test fun `a lost answer of a plain call is uncertain, and settled by asking first`() {
        platform.fault("lost_after", RequestBillingNew.METHOD)
        val uncertain = assertThrows(UncertainException::class.java) { client.call(order("U-1")) }
        assertNotNull(uncertain.cause)
        assertEquals("U-1", client.settleAgain(order("U-1")).single().orderNo)
        assertEquals(1, platform.invoices("U-1"))
    }

    @Test fun `a failed invoice tells why`() {
        val failed = assertThrows(PlatformException::class.java) { client.settle(order("N-2-FAIL")) }
        assertEquals("22", failed.code)
    }

    @Test fun `nobody there is no token call`() {
        val nowhere = io.github.nnopen.Config(
            "SD00000001", io.github.nnopen.Secret(SECRET), TAX_NUM,
            serviceUrl = "http://127.0.0.1:9/open/v1/services", tokenUrl = "http://127.0.0.1:9/accessToken",
        )
        val alone = Client(nowhere, transport, MemoryStore(), platform.clock)
        val failed = assertThrows(NnopenException::class.java) { alone.call(QueryInvoiceResult(orderNos = listOf("A"))) }
        assertInstanceOf(TransportException::class.java, failed)
        assertTrue("\"fetched\":[]" in alone.session.snapshot().expose().replace(" ", ""))
    }

    @Test fun `a push is read and confirmed`() {
        val pushes = Collections.synchronizedList(mutableListOf<Push>())
        val receiver = HttpServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        receiver.createContext("/push") { exchange ->
            pushes += Nnopen.readPush(exchange.requestHeaders.getFirst("Content-Type"), exchange.requestBody.readAllBytes())
            val answer = Nnopen.pushAccepted().toByteArray()
            exchange.responseHeaders.add("Content-Type", "application/json")
            exchange.sendResponseHeaders(200, answer.size.toLong())
            exchange.responseBody.use { it.write(answer) }
        }
        receiver.start()
        try {
            client.settle(order("P-1", "http://127.0.0.1:${receiver.address.port}/push"))
            platform.clock.sleep(1_000)
            for (waited in 1..100) if (pushes.isEmpty()) Thread.sleep(50)
            val push = pushes.first { it.orderNo == "P-1" }
            assertTrue(push.known && push.operater == InvoiceResult.OPERATER && push.status == "issued")
            assertEquals(push.serialNo, ((client.confirm(push) as List<*>).single() as Map<*, *>)["serialNo"])
            assertEquals(push.serialNo, InvoiceResult.content(push)["c_fpqqlsh"])
        } finally {
            receiver.stop(0)
        }
    }

    @Test fun `many orders are followed`() {
        val numbers = (1..12).map { "B-$it" + if (it == 12) "-FAIL" else "" }
        numbers.forEach { client.call(order(it)) }
        val batch = client.session.follow(QueryInvoiceResult.METHOD)
        val now = platform.clock.now()
        numbers.forEach { batch.add(it, now, now) }
        val events = mutableListOf<BatchEvent>()
        client.follow(batch, events::add)
        assertEquals(11, events.count { it.kind == "done" })
        assertEquals(listOf("B-12-FAIL"), events.single { it.kind == "failed" }.keys)
        assertEquals(0, batch.progress().pending)
    }

    @Test fun `coroutines do the same`() = runBlocking {
        val suspending = SuspendingClient(client) { platform.clock.sleep(it) }
        platform.fault("lost_after", RequestBillingNew.METHOD)
        assertEquals("C-0", suspending.settle(order("C-0")).single().orderNo)
        val all = (1..5).map { at -> async { suspending.settle(order("C-$at")).single() } }.awaitAll()
        assertEquals(setOf(InvoiceStatus("2")), all.map { it.status }.toSet())
        assertEquals(1, platform.invoices("C-0"))
        val batch = client.session.follow(QueryInvoiceResult.METHOD)
        batch.add("C-1", platform.clock.now(), platform.clock.now())
        assertEquals(listOf("done"), suspending.follow(batch).toList().map { it.kind })
    }
}

/** What the reader of the tests read, as a program would hand it in. */
fun plain(value: Any?): Any? = when (value) {
    is Obj -> value.members.associate { (name, member) -> name to plain(member) }
    is List<*> -> value.map(::plain)
    is Num -> BigDecimal(value.text)
    else -> value
}
