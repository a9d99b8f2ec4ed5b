// 开一张票，等到结果 · Issues an invoice and waits for it. NNOPEN_URL 是模拟器打印的服务地址 · is what the simulator prints.

import Foundation
import NNOpen

let settings = ProcessInfo.processInfo.environment
let service = settings["NNOPEN_URL"] ?? "http://127.0.0.1:18080/open/v1/services"
let config = Config(
    appKey: settings["NNOPEN_APP_KEY"] ?? "SD00000001",
    appSecret: Secret(settings["NNOPEN_APP_SECRET"] ?? "SD00000000000001"),
    taxNum: "339901999999142",
    serviceURL: service,
    tokenURL: service.replacingOccurrences(of: "/open/v1/services", with: "/accessToken")
)
let client = try Client(config, store: MemoryStore())

typealias Issue = API.Invoicing.RequestBillingNew

func issue(_ orderNo: String) async throws {
    let line = Issue.InvoiceDetail(
        goodsName: "激光打印机", goodsCode: "1090511030000000000", withTaxFlag: .taxIncluded, price: "1299.00", num: 2,
        tax: "298.88", taxRate: "0.13", taxExcludedAmount: "2299.12", taxIncludedAmount: "2598.00"
    )
    let order = Issue.Order(
        buyerName: "示例购方有限公司", buyerTaxNum: "91330106MA00000003", salerTaxNum: "339901999999142",
        salerTel: "0571-00000001", salerAddress: "示例市示例区示例路1号", orderNo: orderNo,
        invoiceDate: "2026-09-22 10:30:00", clerk: "张三", pushMode: .none_, invoiceType: .blue,
        invoiceLine: .digitalOrdinaryElectronic, invoiceDetail: [line]
    )
    do {
        let invoice = try await client.settle(Issue(order: order))[0]
        print(invoice.status ?? "-", invoice.orderAmount ?? 0)
    } catch let failed as NnopenError {
        print(failed.failure.kind, failed.code ?? "-", failed.failure.hint)
    }
}

try await issue("SWIFT-1")
try await issue("SWIFT-1-FAIL")
