import { parentPort, workerData } from 'node:worker_threads';

import { Client, memoryStore, methods, sign } from 'nnopen';

const what = { appSecret: 'SD0123456789ABCD', path: '/open/v1/services', appKey: 'SD00000001', senid: 'a', nonce: '1', timestamp: '2' };
const signatures = new Set();
for (let at = 0; at < 1000; at++) signatures.add(sign({ ...what, body: `${at}` }).signature);
const error = await new Client({ ...workerData, store: memoryStore() }).call(methods.query.queryInvoiceResult, { orderNos: ['1'] }).catch((error) => error);
parentPort.postMessage(`${signatures.size} ${error.kind}`);
