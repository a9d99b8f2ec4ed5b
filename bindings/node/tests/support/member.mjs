// A process of the fleet (`cargo xtask test fleet`): for each line three calls at the same time, and what became of them.

import { createInterface } from 'node:readline';

import { Redis } from 'ioredis';
import { Client, methods } from 'nnopen';
import { redisStore } from 'nnopen/redis';

const { env } = process;
const redis = env.NNOPEN_FLEET_REDIS ? new Redis(Number(env.NNOPEN_FLEET_REDIS), '127.0.0.1') : undefined;
const client = new Client({
  serviceUrl: env.NNOPEN_URL,
  tokenUrl: env.NNOPEN_TOKEN_URL,
  appKey: env.NNOPEN_APP_KEY,
  appSecret: env.NNOPEN_APP_SECRET,
  taxNum: env.NNOPEN_TAX_NUM,
  store: redis && redisStore(redis),
});
const ask = () => client.call(methods.query.queryInvoiceResult, { orderNos: ['NONE'] }).catch((error) => error.code ?? error.message);

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  console.log((await Promise.all([ask(), ask(), ask()])).join(' '));
}
redis?.disconnect();
