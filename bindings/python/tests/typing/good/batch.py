"""Many orders followed, by both clients; stores of all kinds."""

import sqlite3
from datetime import datetime, timezone
from decimal import Decimal
from typing import List, Optional

import redis
import redis.asyncio
import sqlalchemy

from nnopen import AsyncClient, BatchEvent, Client, NnopenError
from nnopen.stores import AsyncRedisStore, RedisStore, SqlStore
from nnopen.types.query import QueryInvoiceResultInvoice


def book(event: BatchEvent[List[QueryInvoiceResultInvoice]]) -> Optional[Decimal]:
    error: Optional[NnopenError] = event.error
    if event.kind == "trouble" or error is not None:
        return None
    return event.rows[0].get("orderAmount")


def follow(client: Client, numbers: List[str]) -> List[Optional[Decimal]]:
    with client.follow("nuonuo.OpeMplatform.queryInvoiceResult", rate=5, params={"isOfferInvoiceDetail": "1"}) as batch:
        for number in numbers:
            batch.add(number, datetime.now(timezone.utc))
        print(batch.progress().oldest, batch.snapshot())
        return [book(event) for event in batch]


async def follow_async(client: AsyncClient, kept: str) -> List[Optional[Decimal]]:
    async with client.follow("nuonuo.OpeMplatform.queryInvoiceResult", by="serialNos", endless=True) as batch:
        batch.resume(kept)
        return [book(event) async for event in batch]


def clients() -> None:
    Client(app_key="SD", app_secret="S", tax_num="1", store=RedisStore(redis.Redis()))
    Client(app_key="SD", app_secret="S", tax_num="1", store=SqlStore(lambda: sqlite3.connect("t.db"), sqlite3.paramstyle))
    engine = sqlalchemy.create_engine("sqlite://")
    Client(app_key="SD", app_secret="S", tax_num="1", store=SqlStore.of_engine(engine))
    AsyncClient(app_key="SD", app_secret="S", tax_num="1", store=AsyncRedisStore(redis.asyncio.Redis()))
