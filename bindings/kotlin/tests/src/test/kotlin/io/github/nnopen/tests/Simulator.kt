package io.github.nnopen.tests

import io.github.nnopen.Clock
import io.github.nnopen.Config
import io.github.nnopen.api.InvoiceLine
import io.github.nnopen.api.InvoiceType
import io.github.nnopen.api.PushMode
import io.github.nnopen.api.WithTax
import io.github.nnopen.api.invoicing.RequestBillingNew
import java.math.BigDecimal
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.concurrent.atomic.AtomicLong

const val TAX_NUM = "339901999999142"
const val SECRET = "SD00000000000001"

/** The simulator as a program beside the tests; `clock` moves with it. */
class Simulator(vararg args: String) : AutoCloseable {
    private val program = System.getenv("NNOPEN_BIN") ?: error("NNOPEN_BIN must name the nnopen program")
    private val process: Process = ProcessBuilder(program, "simulate", *args).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val lines = process.inputStream.bufferedReader()
    val url: String = lines.readLine() ?: error("the simulator ended")
    private val http = HttpClient.newHttpClient()
    private val offset = AtomicLong()

    init {
        Thread { lines.forEachLine { } }.apply { isDaemon = true }.start()
    }

    val config = Config(
        "SD00000001", io.github.nnopen.Secret(SECRET), TAX_NUM, serviceUrl = "$url/open/v1/services", tokenUrl = "$url/accessToken",
    )

    val clock = object : Clock {
        override fun now() = System.currentTimeMillis() + offset.get()

        override fun sleep(milliseconds: Long) {
            offset.addAndGet(milliseconds)
            admin("clock", """{"advance":$milliseconds}""")
        }
    }

    fun admin(path: String, body: String? = null): Any? {
        val request = HttpRequest.newBuilder(URI.create("$url/_simulator/$path"))
        if (body != null) request.POST(HttpRequest.BodyPublishers.ofString(body))
        return parse(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body())
    }

    fun fault(fault: String, method: String): Any? = admin("faults", """{"fault":"$fault","method":"$method"}""")

    fun invoices(orderNo: String): Int =
        (admin("orders") as List<*>).map { it as Obj }.filter { it["orderNo"] == orderNo }.sumOf { it.list("invoices").size }

    fun tokenCalls(): Int = (admin("requests") as List<*>).count { "/accessToken" in text((it as Obj)["target"])!! }

    override fun close() {
        process.destroy()
    }
}

/** An order as a program in Kotlin writes it. */
fun order(orderNo: String, callBackUrl: String? = null, invoiceLine: InvoiceLine = InvoiceLine("pc")) = RequestBillingNew(
    order = RequestBillingNew.Order(
        orderNo = orderNo,
        buyerName = "示例购方有限公司",
        buyerTaxNum = "91330106MA00000003",
        salerTaxNum = TAX_NUM,
        salerTel = "0571-00000001",
        salerAddress = "示例市示例区示例路1号",
        invoiceDate = "2026-09-22 10:30:00",
        clerk = "张三",
        pushMode = PushMode("-1"),
        invoiceType = InvoiceType("1"),
        invoiceLine = invoiceLine,
        callBackUrl = callBackUrl,
        invoiceDetail = listOf(
            RequestBillingNew.InvoiceDetail(
                goodsName = "激光打印机",
                goodsCode = "1090511030000000000",
                withTaxFlag = WithTax("1"),
                price = BigDecimal("1299.00"),
                num = BigDecimal("2"),
                taxRate = BigDecimal("0.13"),
                tax = BigDecimal("298.88"),
                taxExcludedAmount = BigDecimal("2299.12"),
                taxIncludedAmount = BigDecimal("2598.00"),
            ),
        ),
    ),
)
