import os
import sqlite3
from functools import partial

import nnopen
from nnopen.stores import SqlStore

Client = partial(nnopen.Client, service_url=os.environ["NNOPEN_URL"], token_url=os.environ["NNOPEN_TOKEN_URL"])
app_key, app_secret, tax_num = "SD00000001", "SD00000000000001", "339901999999142"

# BLOCK

try:
    client.call("nuonuo.OpeMplatform.queryInvoiceResult", {"orderNos": ["NO-SUCH"]})
except nnopen.PlatformError as error:
    assert error.code == "E9500"
assert sqlite3.connect("tokens.db").execute("SELECT count(*) FROM nnopen_token").fetchone() == (1,)
