package example;

import io.github.nnopen.Client;
import io.github.nnopen.Clock;
import io.github.nnopen.Config;
import io.github.nnopen.MemoryStore;
import io.github.nnopen.NnopenException;
import io.github.nnopen.Transport;
import io.github.nnopen.api.InvoiceLine;
import io.github.nnopen.api.InvoiceType;
import io.github.nnopen.api.PushMode;
import io.github.nnopen.api.WithTax;
import io.github.nnopen.api.invoicing.RequestBillingNew;
import io.github.nnopen.api.invoicing.RequestBillingNew.InvoiceDetail;
import io.github.nnopen.api.invoicing.RequestBillingNew.Order;
import io.github.nnopen.api.query.QueryInvoiceResult.Invoice;
import java.math.BigDecimal;
import java.util.List;

/** 开一张票，等到结果 · Issues an invoice and waits for it. */
public final class IssueInvoice {
    private final Client client;

    public IssueInvoice(Config config, Transport transport, Clock clock) {
        client = new Client(config, transport, new MemoryStore(), clock);
    }

    public String issue(String orderNo) {
        InvoiceDetail line = InvoiceDetail.builder()
            .goodsName("激光打印机").goodsCode("1090511030000000000").withTaxFlag(new WithTax("1"))
            .price(new BigDecimal("1299.00")).num(new BigDecimal("2")).taxRate(new BigDecimal("0.13"))
            .tax(new BigDecimal("298.88")).taxExcludedAmount(new BigDecimal("2299.12"))
            .taxIncludedAmount(new BigDecimal("2598.00"))
            .build();
        Order order = Order.builder()
            .orderNo(orderNo).buyerName("示例购方有限公司").buyerTaxNum("91330106MA00000003")
            .salerTaxNum("339901999999142").salerTel("0571-00000001").salerAddress("示例市示例区示例路1号")
            .invoiceDate("2026-09-22 10:30:00").clerk("张三").pushMode(new PushMode("-1"))
            .invoiceType(InvoiceType.BLUE).invoiceLine(new InvoiceLine("pc"))
            .invoiceDetail(List.of(line))
            .build();
        try {
            Invoice invoice = client.settle(new RequestBillingNew(order)).get(0);
            return invoice.getStatus() + " " + invoice.getOrderAmount();
        } catch (NnopenException failed) {
            return failed.getKind() + " " + failed.getCode() + " " + failed.getFailure().getHintZh();
        }
    }
}
