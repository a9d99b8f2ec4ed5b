import { Client } from 'nnopen';

import { fresh, settings } from './order.mjs';

const myHttp = async (url, request) => {
  const answer = await fetch(url, request);
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
};

// BLOCK

const [invoice] = await new Client({ ...settings, transport }).issue(fresh());
if (invoice.status !== '2') throw new Error(invoice.status);
