import io.github.nnopen.*;
import io.github.nnopen.api.*;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import io.github.nnopen.api.invoicing.RequestBillingNew.*;
import io.github.nnopen.api.query.QueryInvoiceResult.Invoice;
import java.util.List;

public final class CLASS {
    static final class JdkTransport implements Transport {
        @Override
        public Answer send(Request request) throws NoAnswer {
            return Host.send(request);
        }
    }

    public static void main(String[] args) {
        String appKey = "SD00000001", appSecret = "SD00000000000001", taxNum = "339901999999142";
        InvoiceDetail line = Host.line();
        // BLOCK
    }
}
