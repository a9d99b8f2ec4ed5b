from nnopen.types.invoicing import RequestBillingNewParams

params: RequestBillingNewParams = {"order": {"orderNo": "A-1"}}
