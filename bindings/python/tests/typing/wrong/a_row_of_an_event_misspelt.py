from nnopen import Client

client = Client(app_key="SD", app_secret="S", tax_num="1")

for event in client.follow("nuonuo.OpeMplatform.queryInvoiceResult", by="orderNos"):
    print([row["statuses"] for row in event.rows])
