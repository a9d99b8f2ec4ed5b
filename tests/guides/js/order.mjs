// What the frames share: a client of the simulator, an order.

import { readFileSync } from 'node:fs';

import { Client } from 'nnopen';

export const settings = {
  serviceUrl: process.env.NNOPEN_URL,
  tokenUrl: process.env.NNOPEN_TOKEN_URL,
  appKey: 'SD00000001',
  appSecret: 'SD00000000000001',
  taxNum: '339901999999142',
};
export const client = new Client(settings);
export const fresh = (orderNo) => {
  const { order } = JSON.parse(readFileSync('examples/order.json', 'utf8'));
  return { order: { ...order, orderNo: orderNo ?? order.orderNo } };
};
/** An admin address of the simulator. */
export const simulator = async (path, body) =>
  (await fetch(`${process.env.SIMULATOR}/_simulator/${path}`, body && { method: 'POST', body: JSON.stringify(body) })).json();
