import io.github.nnopen.*;
import io.github.nnopen.api.InvalidReason;
import io.github.nnopen.api.InvoiceStatus;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import io.github.nnopen.api.query.QueryInvoiceResult;
import io.github.nnopen.api.query.QueryInvoiceResult.Invoice;
import io.github.nnopen.api.void_.InvoiceCancellation;
import java.util.List;

public final class CLASS {
    public static void main(String[] args) throws Exception {
        Client client = Host.client();
        Invoice paper = client.settle(new RequestBillingNew(Host.order("CB-3", "c"))).get(0);
        // BLOCK
    }
}
