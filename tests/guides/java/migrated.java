import io.github.nnopen.*;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import io.github.nnopen.api.invoicing.RequestBillingNew.Order;
import io.github.nnopen.api.query.QueryInvoiceResult.Invoice;

public final class CLASS {
    static String saved = "";

    static void save(String orderNo, String serialNo) {
        saved = serialNo;
    }

    public static void main(String[] args) {
        Client client = Host.client();
        Order order = Host.order("MG-1", "pc");
        // BLOCK
        if (saved.isEmpty()) throw new IllegalStateException("nothing was saved");
    }
}
