import json

params = json.load(open("examples/order.json", encoding="utf-8"))

# BLOCK
