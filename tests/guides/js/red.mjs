import { methods } from 'nnopen';

import { client, fresh } from './order.mjs';

const [blue] = await client.issue(fresh('CB-2'));

// BLOCK
