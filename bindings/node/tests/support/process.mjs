// One of several processes that share a token: asks three questions.

import { Client, methods } from 'nnopen';
import { fileStore } from 'nnopen/file';

import { SECRET, TAX_NUM } from './simulator.mjs';

const [url, folder] = process.argv.slice(2);
const client = new Client({
  serviceUrl: `${url}/open/v1/services`,
  tokenUrl: `${url}/accessToken`,
  appKey: 'SD00000001',
  appSecret: SECRET,
  taxNum: TAX_NUM,
  store: fileStore(folder),
});
for (let asked = 0; asked < 3; asked++) {
  const code = await client.call(methods.query.queryInvoiceResult, { orderNos: ['NONE'] }).catch((error) => error.code);
  if (code !== 'E9500') throw new Error(`${code} came`);
}
process.exit(0);
