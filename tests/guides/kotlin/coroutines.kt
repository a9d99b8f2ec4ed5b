import io.github.nnopen.*
import io.github.nnopen.api.invoicing.RequestBillingNew
import io.github.nnopen.coroutines.SuspendingClient
import kotlinx.coroutines.runBlocking

fun main() = runBlocking {
    val client = Host.client()
    val order = Host.order("KT-1", "pc")
    val batch = client.session.follow("nuonuo.OpeMplatform.queryInvoiceResult")
    batch.add("KT-1", System.currentTimeMillis(), System.currentTimeMillis())
    // BLOCK
    check(invoice.status.toString() == "2")
}
