import express from 'express';
import { pushAccepted, readPush } from 'nnopen';

import { client, fresh, simulator } from './order.mjs';

const app = express();
const confirmed = [];
const ask = client.confirm.bind(client);
client.confirm = async (push) => confirmed.push(...(await ask(push)));

// BLOCK

const server = app.listen(0, '127.0.0.1');
await new Promise((ready) => server.once('listening', ready));
const order = fresh();
order.order.callBackUrl = `http://127.0.0.1:${server.address().port}/push`;
await client.issue(order);
for (let wait = 0; confirmed.length === 0 && wait < 50; wait += 1) await new Promise((after) => setTimeout(after, 100));
server.close();
const pushes = await simulator('pushes');
if (confirmed.length !== 1 || confirmed[0].status !== '2' || !pushes[0].acknowledged) throw new Error(JSON.stringify([confirmed, pushes]));
process.exit(0);
