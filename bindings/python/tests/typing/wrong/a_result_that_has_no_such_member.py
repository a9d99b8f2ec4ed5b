from nnopen import AsyncClient, Client

client = Client(app_key="SD", app_secret="S", tax_num="1")

print(client.poll("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["A-1"]})[0]["serialNumber"])
