import { methods } from 'nnopen';

import { client, fresh, simulator } from './order.mjs';

const orders = ['CB-5-1', 'CB-5-2', 'CB-5-3-FAIL', 'CB-5-4-SEAL'].map((orderNo) => fresh(orderNo).order);
await client.signIn();
await simulator('faults', { fault: 'lost_after', method: 'nuonuo.OpeMplatform.requestBillingNew' });
const kept = {};
const keep = (orderNo, what) => {
  kept[orderNo] = what;
};

// BLOCK
