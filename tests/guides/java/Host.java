import io.github.nnopen.Answer;
import io.github.nnopen.Client;
import io.github.nnopen.Config;
import io.github.nnopen.MemoryStore;
import io.github.nnopen.NoAnswer;
import io.github.nnopen.Request;
import io.github.nnopen.Transport;
import io.github.nnopen.api.InvoiceLine;
import io.github.nnopen.api.InvoiceType;
import io.github.nnopen.api.PushMode;
import io.github.nnopen.api.WithTax;
import io.github.nnopen.api.invoicing.RequestBillingNew.InvoiceDetail;
import io.github.nnopen.api.invoicing.RequestBillingNew.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import kotlin.Pair;

/** What the frames share: a client of the simulator, an order. */
public final class Host {
    private Host() {}

    public static Client client() {
        return new Client(new Config("SD00000001", "SD00000000000001", "339901999999142"), transport(), new MemoryStore());
    }

    /** Whatever platform a request is for, it goes to the simulator. */
    public static Transport transport() {
        return Host::send;
    }

    public static Answer send(Request request) throws NoAnswer {
        try {
            HttpResponse<byte[]> said = post(request.getUrl(), request.getHeaders(), request.getBody());
            return new Answer(said.statusCode(), said.body());
        } catch (IOException | InterruptedException failure) {
            throw new NoAnswer(false, failure.toString(), failure);
        }
    }

    public static HttpResponse<byte[]> post(String url, List<Pair<String, String>> headers, byte[] body)
            throws IOException, InterruptedException {
        URI there = URI.create(url);
        String query = there.getRawQuery() == null ? "" : "?" + there.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(System.getenv("SIMULATOR") + there.getRawPath() + query));
        headers.forEach(header -> request.header(header.getFirst(), header.getSecond()));
        request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public static InvoiceDetail line() {
        return InvoiceDetail.builder()
            .goodsName("激光打印机").goodsCode("1090511030000000000").withTaxFlag(new WithTax("1"))
            .price(new BigDecimal("1299.00")).num(new BigDecimal("2")).taxRate(new BigDecimal("0.13"))
            .tax(new BigDecimal("298.88")).taxExcludedAmount(new BigDecimal("2299.12")).taxIncludedAmount(new BigDecimal("2598.00"))
            .build();
    }

    public static Order order(String orderNo, String invoiceLine) {
        return Order.builder()
            .orderNo(orderNo).buyerName("示例购方有限公司").buyerTaxNum("91330106MA00000003")
            .salerTaxNum("339901999999142").salerTel("0571-00000001").salerAddress("示例市示例区示例路1号")
            .invoiceDate("2026-09-22 10:30:00").clerk("张三").pushMode(new PushMode("-1"))
            .invoiceType(InvoiceType.BLUE).invoiceLine(new InvoiceLine(invoiceLine)).invoiceDetail(List.of(line()))
            .build();
    }
}
