from nnopen import AsyncClient
from nnopen.transports import StdlibTransport

AsyncClient(app_key="SD", app_secret="S", tax_num="1", transport=StdlibTransport())
