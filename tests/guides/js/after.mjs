import { client, fresh } from './order.mjs';

const { order } = fresh();
const saved = new Map();
const save = (orderNo, serialNo) => saved.set(orderNo, serialNo);

// BLOCK

if (saved.size !== 1) throw new Error('nothing was saved');
