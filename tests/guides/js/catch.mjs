import { methods, NnopenError } from 'nnopen';

import { client, fresh } from './order.mjs';

const order = fresh();
const params = fresh('A-1');
await client.call(methods.invoicing.requestBillingNew, params);

// BLOCK
