from nnopen import Client

client = Client(app_key="SD", app_secret="S", tax_num="1")

client.follow("nuonuo.OpeMplatform.requestBillingNew")
