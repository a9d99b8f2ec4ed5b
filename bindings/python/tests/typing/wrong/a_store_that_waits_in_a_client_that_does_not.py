import redis.asyncio

from nnopen import Client
from nnopen.stores import AsyncRedisStore

Client(app_key="SD", app_secret="S", tax_num="1", store=AsyncRedisStore(redis.asyncio.Redis()))
