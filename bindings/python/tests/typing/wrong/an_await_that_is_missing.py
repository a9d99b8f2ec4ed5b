from nnopen import AsyncClient


async def main(client: AsyncClient) -> None:
    rows = client.poll("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["A-1"]})
    print(rows[0])
