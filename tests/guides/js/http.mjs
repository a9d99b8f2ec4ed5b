import { readFileSync as read, writeFileSync } from 'node:fs';

import { Client } from 'nnopen';

import { fresh, settings } from './order.mjs';

writeFileSync('ca.pem', '');
const readFileSync = (...what) => read(...what) || undefined;

// BLOCK

const [invoice] = await client.issue(fresh());
if (invoice.status !== '2') throw new Error(invoice.status);
