package io.github.nnopen.tests

import io.github.nnopen.Client
import io.github.nnopen.Config
import io.github.nnopen.FileStore
import io.github.nnopen.InputException
import io.github.nnopen.MemoryStore
import io.github.nnopen.Nnopen
import io.github.nnopen.Secret
import io.github.nnopen.Session
import io.github.nnopen.Step
import io.github.nnopen.TokenStore
import io.github.nnopen.TransportException
import io.github.nnopen.UsageException
import io.github.nnopen.api.InvoiceStatus
import io.github.nnopen.api.invoicing.RequestBillingNew
import io.github.nnopen.api.query.QueryInvoiceResult
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.math.BigDecimal
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

class BehaviourTest {
    private val config = Config("SD00000001", SECRET, TAX_NUM, "sandbox")

    @Test fun `an answer keeps every digit, unknown members and unknown codes`() {
        val read = Nnopen.read(
            QueryInvoiceResult.METHOD, 200,
            """{"code":"E0000","result":[{"status":"77","orderAmount":0.300000000000000001,"serialNo":20190801120207971529,"new":{"a":[1.50]}}]}""".toByteArray(),
        )
        val (invoice) = QueryInvoiceResult(orderNos = listOf("A")).readResult(read.result)
        assertEquals(BigDecimal("0.300000000000000001"), invoice.orderAmount)
        assertEquals("20190801120207971529", invoice.serialNo)
        assertEquals(InvoiceStatus("77"), invoice.status)
        assertNotEquals(InvoiceStatus("2"), invoice.status)
        assertEquals(mapOf("a" to listOf("1.50")), invoice["new"])
        assertNull(invoice.orderNo)
    }

    @Test fun `money is exact, and a float is refused by name, all at once`() {
        val line = mapOf("price" to 0.1, "num" to 2f, "tax" to BigDecimal("6.00"))
        val refused = assertThrows(InputException::class.java) {
            RequestBillingNew(mapOf("order" to mapOf("invoiceDetail" to listOf(line)))).toJson()
        }
        assertEquals(listOf("order.invoiceDetail[0].price", "order.invoiceDetail[0].num"), refused.failure.violations.map { it.path })
        assertEquals("""{"a":"0.00","b":"1000000","c":20190801120207971529}""", object : io.github.nnopen.Shape(
            linkedMapOf("a" to BigDecimal("0.00"), "b" to BigDecimal("1E+6"), "c" to "20190801120207971529".toBigInteger()),
        ) {}.toJson())
        assertTrue(BigDecimal("1E+1000000000").let { huge -> Nnopen.check(RequestBillingNew(mapOf("order" to mapOf("invoiceDetail" to listOf(mapOf("price" to huge)))))) }.violations.any { it.path.endsWith("price") })
    }

    @Test fun `all that is wrong is told at once, before anything is sent`() {
        val refused = assertThrows(InputException::class.java) { Session(config).call(RequestBillingNew(mapOf("order" to mapOf("orderNo" to "A")))) }
        assertTrue(refused.failure.violations.count { it.isError } > 5)
        assertTrue(refused.failure.violations.any { it.path == "order.buyerName" } && "order.buyerName" in refused.message!!)
    }

    @Test fun `half of a surrogate pair is told where it stands`() {
        val wrong = Nnopen.check(RequestBillingNew(mapOf("order" to mapOf("remark" to "a\ud800b\ud83d\ude00\"\\\n"))))
        assertTrue(wrong.violations.any { it.isError && it.path == "order.remark" }, wrong.violations.toString())
        assertThrows(UsageException::class.java) { Session(config).raw("m", "\ud800") }
    }

    @Test fun `no secret is shown`() {
        val session = Session(config)
        val call = session.signIn()
        val request = (call.step(1_700_000_000_000, ByteArray(20) { 1 }) as Step.Send).request
        val wrong = assertThrows(UsageException::class.java) { call.step(1_700_000_000_000, ByteArray(3)) }
        val shown = listOf(config, session, call, request, Secret(SECRET), wrong.stackTraceToString(), session.snapshot(), io.github.nnopen.core.Config("", null, null, "", Secret(SECRET), "", false, Secret(SECRET), false))
        for (what in shown) assertFalse(SECRET in what.toString(), what.toString())
        assertTrue(SECRET in String(request.body))
    }

    @Test fun `what has been closed says so`() {
        val call = Session(config).call(QueryInvoiceResult(orderNos = listOf("A")))
        call.close()
        assertThrows(UsageException::class.java) { call.step(1_700_000_000_000, ByteArray(20) { 1 }) }
    }

    @Test fun `a file store is the file of every other language`(@TempDir folder: File) {
        val store = FileStore(File(folder, "tokens"))
        keeps(store)
        val file = File(folder, "tokens/k.token")
        assertEquals("3\nthree", file.readText())
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())))
        file.writeText("no token file")
        assertThrows(IOException::class.java) { FileStore(File(folder, "tokens")).load("k") }
        assertEquals("no token file", file.readText())
    }

    @Test fun `the default folder is that of the vectors`() {
        val told = parse(File(VECTORS, "default-folder.json").readText()) as Obj
        val cases = told.list("cases").map { it as Obj }
        assertTrue(cases.size > 20)
        for (case in cases) {
            val variables = (case["variables"] as Obj).members.associate { (name, value) -> name to text(value)!! }
            assertEquals(text(case["folder"]), FileStore.defaultFolder(text(case["system"])!!, variables), "$variables")
        }
    }

    @Test fun `a permanent token needs no place`() {
        assertNull(Client(Config("SD00000001", Secret(SECRET), TAX_NUM, permanentToken = Secret("T-1")), { error("nothing is sent") }).store)
    }

    @Test fun `a folder that can not be made is told by name`(@TempDir folder: File) {
        val file = File(folder, "file").apply { writeText("in the way") }
        val client = Client(config, { error("nothing is sent") }, FileStore(File(file, "tokens")))
        val failed = assertThrows(TransportException::class.java) { client.call(QueryInvoiceResult(orderNos = listOf("A"))) }
        assertTrue(file.path in failed.failure.describe, failed.failure.describe)
    }

    @Test fun `a memory store keeps the same promise`() = keeps(MemoryStore())

    @Test fun `a lock of another program is waited for`(@TempDir folder: File) {
        assertTrue(FileStore(folder).swap("k", 0, "one".toByteArray()))
        // flock(2), as every other language's store takes it.
        val (lock, done) = File(folder, "k.lock").path to File(folder, "done")
        val holder = ProcessBuilder("flock", lock, "sh", "-c", "echo held; sleep 1; touch '$done'")
        val running = runCatching { holder.start() }.getOrNull()
        assumeTrue(running != null, "needs the program flock")
        assertEquals("held", running!!.inputStream.bufferedReader().readLine())
        assertTrue(FileStore(folder).swap("k", 1, "two".toByteArray()))
        assertTrue(done.exists(), "the lock was not waited for")
    }

    private fun keeps(store: TokenStore) {
        assertEquals(0, store.load("k").version)
        assertTrue(store.swap("k", 0, "one".toByteArray()))
        assertFalse(store.swap("k", 0, "two".toByteArray()))
        val won = (1..8).map { at -> java.util.concurrent.CompletableFuture.supplyAsync { store.swap("k", 1, "two $at".toByteArray()) } }
        assertEquals(1, won.count { it.get() })
        assertTrue(store.swap("k", 2, "three".toByteArray()))
        assertEquals(3 to "three", store.load("k").let { it.version.toInt() to String(it.bytes) })
    }

    @Test fun `a session keeps its token over a restart`() {
        val first = Session(config)
        val call = first.signIn()
        call.step(1_700_000_000_000, ByteArray(20) { 1 })
        call.receive(200, """{"access_token":"T-1","expires_in":86400}""".toByteArray(), 1_700_000_000_000)
        assertTrue(call.step(1_700_000_000_000, ByteArray(20) { 2 }) is Step.Done)
        val second = Session(config).apply { restore(first.snapshot()) }
        val step = second.call(QueryInvoiceResult(orderNos = listOf("A"))).step(1_700_000_000_000, ByteArray(20) { 3 })
        assertTrue("accessToken" to "T-1" in (step as Step.Send).request.headers)
    }

    @Test fun `codes are explained`() {
        assertTrue(Nnopen.explain("E9106").single().meaning.zh.isNotEmpty())
        assertEquals(60, Nnopen.methods().size)
    }
}
