"""诺诺开放平台（电子发票）SDK · SDK for the Chinese e-invoice API 诺诺开放平台.

    from nnopen import Client

    with Client(app_key="…", app_secret="…", tax_num="…") as client:
        invoices = client.issue({"order": {…}})
"""

from __future__ import annotations

from ._native import (
    Call,
    Done,
    Event,
    Idle,
    Load,
    Request,
    Session,
    Swap,
    Wait,
    methods,
    push_accepted,
    push_refused,
    sign,
)
from .errors import (
    AuthError,
    InputError,
    NnopenError,
    PlatformError,
    ReplyError,
    TransportError,
    UncertainError,
    UsageError,
)

# What is on the way to a first request does without `typing`: loading it takes longer than all of that together. Type
# checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import order, stores, transports, types
    from ._face import Answer, Document, Explanation, check, documents, explain, read
    from ._json import Json
    from ._push import Push, read_push
    from .aio import AsyncClient
    from .batch import AsyncBatch, Batch, BatchEvent, BatchProgress
    from .client import Client
    from .errors import Violation
    from .stores import AsyncStore, FileStore, MemoryStore, Store
    from .transports import NotSent

__all__ = [
    "Answer",
    "AsyncBatch",
    "AsyncClient",
    "AsyncStore",
    "AuthError",
    "Batch",
    "BatchEvent",
    "BatchProgress",
    "Call",
    "Client",
    "Document",
    "Done",
    "Event",
    "Explanation",
    "FileStore",
    "Idle",
    "InputError",
    "Json",
    "Load",
    "MemoryStore",
    "NnopenError",
    "NotSent",
    "PlatformError",
    "Push",
    "ReplyError",
    "Request",
    "Session",
    "Store",
    "Swap",
    "TransportError",
    "UncertainError",
    "UsageError",
    "Violation",
    "Wait",
    "check",
    "documents",
    "explain",
    "methods",
    "order",
    "push_accepted",
    "push_refused",
    "read",
    "read_push",
    "sign",
    "stores",
    "transports",
    "types",
]

# What is imported when it is first asked for: `import nnopen` loads neither ssl nor the types.
_LATER = {
    "Answer": "_face",
    "AsyncBatch": "batch",
    "AsyncClient": "aio",
    "AsyncStore": "stores",
    "Batch": "batch",
    "BatchEvent": "batch",
    "BatchProgress": "batch",
    "Client": "client",
    "Document": "_face",
    "Explanation": "_face",
    "FileStore": "stores",
    "Json": "_json",
    "MemoryStore": "stores",
    "NotSent": "transports",
    "Push": "_push",
    "Store": "stores",
    "Violation": "errors",
    "check": "_face",
    "documents": "_face",
    "explain": "_face",
    "order": "",
    "read": "_face",
    "read_push": "_push",
    "stores": "",
    "transports": "",
    "types": "",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'nnopen' has no attribute {name!r}")
    from importlib import import_module

    module = _LATER[name]
    loaded: object = import_module(f"{__name__}.{module or name}")
    if module:
        loaded = getattr(loaded, name)
    globals()[name] = loaded
    return loaded


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
