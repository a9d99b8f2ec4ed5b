import io.github.nnopen.*
import io.github.nnopen.api.*
import io.github.nnopen.api.invoicing.RequestBillingNew
import io.github.nnopen.api.invoicing.RequestBillingNew.*
import java.io.File

fun OkHttpTransport(): Transport = Host.transport()

fun FileStore(folder: File): TokenStore = MemoryStore().also { check(folder.isAbsolute) }

fun main() {
    val (appKey, appSecret, taxNum) = listOf("SD00000001", "SD00000000000001", "339901999999142")
    val line = Host.line()
    // BLOCK
}
