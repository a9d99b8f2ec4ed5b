package io.github.nnopen.tests

import io.github.nnopen.Client
import io.github.nnopen.Config
import io.github.nnopen.NnopenException
import io.github.nnopen.Secret
import io.github.nnopen.api.query.QueryInvoiceResult
import io.github.nnopen.jdk.JdkTransport
import java.util.concurrent.CompletableFuture

/** A process of the fleet (`cargo xtask test fleet`): for each line three calls at the same time, and what became of them. */
fun main() {
    fun setting(name: String) = System.getenv(name) ?: error(name)
    val config = Config(
        setting("NNOPEN_APP_KEY"), Secret(setting("NNOPEN_APP_SECRET")), setting("NNOPEN_TAX_NUM"),
        serviceUrl = setting("NNOPEN_URL"), tokenUrl = setting("NNOPEN_TOKEN_URL"),
    )
    val client = Client(config, JdkTransport())
    val ask = {
        try {
            client.call(QueryInvoiceResult(orderNos = listOf("NONE"))).toString()
        } catch (failed: NnopenException) {
            failed.code ?: failed.message.orEmpty()
        }
    }
    println("ready")
    while (readlnOrNull() != null) println(List(3) { CompletableFuture.supplyAsync(ask) }.joinToString(" ") { it.get() })
}
