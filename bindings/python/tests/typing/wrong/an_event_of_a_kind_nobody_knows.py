from nnopen import Client

client = Client(app_key="SD", app_secret="S", tax_num="1")

for event in client.follow("nuonuo.OpeMplatform.queryInvoiceResult"):
    if event.kind == "finished":
        print(event.key)
