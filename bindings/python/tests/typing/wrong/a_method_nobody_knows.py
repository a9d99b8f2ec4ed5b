from nnopen import AsyncClient, Client

client = Client(app_key="SD", app_secret="S", tax_num="1")

client.call("nuonuo.OpeMplatform.queryInvoiceResults", {"orderNos": ["A-1"]})
