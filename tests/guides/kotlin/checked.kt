import io.github.nnopen.*
import io.github.nnopen.api.invoicing.RequestBillingNew

fun show(path: String, message: String) = println("$path $message")

fun main() {
    val order = Host.order("KT-2", "pc")
    // BLOCK
    check(checked.violations.none { it.isError } && totals.toString().isNotEmpty())
}
