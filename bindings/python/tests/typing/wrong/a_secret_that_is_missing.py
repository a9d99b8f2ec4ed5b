from nnopen import Client

Client(app_key="SD", tax_num="1")
