import { methods } from 'nnopen';

import { client, fresh } from './order.mjs';

const submitted = [];
for (const orderNo of ['A-1', 'A-2']) {
  await client.call(methods.invoicing.requestBillingNew, fresh(orderNo));
  submitted.push({ orderNo, submittedAt: Date.now() });
}
const [events, texts] = [[], []];
const record = (event) => events.push(event);
const save = (text) => texts.push(text);

// BLOCK

if (events.map((event) => event.kind).join() !== 'done,done') throw new Error(JSON.stringify(events));
