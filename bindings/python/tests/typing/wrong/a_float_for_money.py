from nnopen.types.invoicing import RequestBillingNewInvoiceDetail

line: RequestBillingNewInvoiceDetail = {"goodsName": "服务", "withTaxFlag": "1", "taxRate": 0.13}
