// Each transport against the simulator: token, check, issue, wait, duplicate, lost answers, the document, a push.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import axios from 'axios';
import { check, Client, fetchTransport, methods, PlatformError, pushAccepted, readPush, UncertainError } from 'nnopen';
import { axiosTransport } from 'nnopen/axios';
import { httpTransport } from 'nnopen/http';

import { order, simulator } from './support/simulator.mjs';

const { requestBillingNew } = methods.invoicing;
const { queryInvoiceResult } = methods.query;
const transports = {
  fetch: () => fetchTransport(),
  http: () => httpTransport(),
  axios: () => axiosTransport(axios.create()),
};

for (const [name, transport] of Object.entries(transports)) {
  describe(`journey over ${name}`, { timeout: 60_000 }, () => {
    const pushes = [];
    let platform;
    let client;
    let receiver;
    let first;

    before(async () => {
      receiver = createServer((request, response) => {
        const parts = [];
        request.on('data', (part) => parts.push(part));
        request.on('end', () => {
          pushes.push(readPush(request.headers['content-type'], Buffer.concat(parts)));
          response.setHeader('Content-Type', 'application/json').end(pushAccepted());
        });
      });
      await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const callback = `http://127.0.0.1:${receiver.address().port}/push`;
      platform = await simulator();
      client = new Client({ ...platform.options, transport: transport() });
      first = order('N-1');
      first.order.callBackUrl = callback;
    });
    after(() => {
      platform?.stop();
      receiver.close();
      receiver.closeAllConnections?.();
    });

    test('a token is fetched once for twenty calls at once', async () => {
      const ask = (at) => client.call(queryInvoiceResult, { orderNos: [`NONE-${at}`] }).catch((error) => error.code);
      assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, (_, at) => ask(at)))), new Set(['E9500']));
      const tokens = (await platform.requests()).filter((request) => request.target.startsWith('/accessToken'));
      assert.equal(tokens.length, 1);
    });

    test('an invoice is checked, issued and waited for', async () => {
      assert.deepEqual(check(requestBillingNew, first).violations.filter(({ severity }) => severity === 'error'), []);
      const [invoice] = await client.issue(first);
      assert.equal(invoice.status, '2');
      assert.equal(invoice.orderAmount, '3198.00');
      assert.match(invoice.allElectronicInvoiceNumber, /^\d{20}$/);
      const document = await fetch(invoice.pdfUrl);
      assert.equal(Buffer.from(await document.arrayBuffer()).subarray(0, 4).toString(), '%PDF');
    });

    test('a duplicate is refused, and says so', async () => {
      await assert.rejects(client.call(requestBillingNew, order('N-1')), (error) => {
        assert.ok(error instanceof PlatformError && error.kind === 'platform' && error.code === 'E9106');
        return error.hintZh !== '' && error.hintEn !== '';
      });
    });

    for (const fault of ['lost_before', 'lost_after', 'truncated', 'html']) {
      test(`an answer is ${fault}: settle issues exactly one invoice`, async () => {
        await platform.admin('faults', { fault, method: requestBillingNew });
        const [invoice] = await client.settle(requestBillingNew, order(`S-${fault}`));
        assert.equal(invoice.status, '2');
        assert.equal((await platform.invoices(`S-${fault}`)).length, 1);
      });
    }

    test('a lost answer of a plain call is uncertain', async () => {
      await platform.admin('faults', { fault: 'lost_after', method: requestBillingNew });
      await assert.rejects(client.call(requestBillingNew, order('U-1')), (error) => {
        return error instanceof UncertainError && error.cause instanceof Error;
      });
      const [invoice] = await client.settle(requestBillingNew, order('U-1'), { again: true });
      assert.equal(invoice.orderNo, 'U-1');
      assert.equal((await platform.invoices('U-1')).length, 1);
    });

    test('a failed invoice tells why', async () => {
      await assert.rejects(client.issue(order('N-2-FAIL')), { kind: 'platform', code: '22' });
    });

    test('a push is read and confirmed', async () => {
      await platform.options.sleep(1000);
      for (let waited = 0; pushes.length === 0 && waited < 100; waited++) await new Promise((resolve) => setTimeout(resolve, 50));
      const push = pushes.find((push) => push.orderNo === 'N-1');
      assert.ok(push?.known && push.operater === 'callback', JSON.stringify(pushes));
      const [invoice] = await client.confirm(push);
      assert.equal(invoice.serialNo, push.serialNo);
    });

    test('headers leave in the spelling of the platform', async () => {
      const requests = await platform.requests();
      const names = requests.at(-1).headers.map(([header]) => header);
      const wanted = ['Content-Type', 'X-Nuonuo-Sign', 'accessToken', 'userTax', 'method'];
      const told = names.filter((header) => wanted.some((want) => want.toLowerCase() === header.toLowerCase()));
      // What fetch makes of the names is the platform's (Node's) own business.
      assert.deepEqual(name === 'fetch' ? told.map((header) => header.toLowerCase()).sort() : told.sort(), name === 'fetch' ? wanted.map((want) => want.toLowerCase()).sort() : wanted.sort());
      if (name === 'fetch') console.log(`fetch writes header names as ${told.join(', ')}`);
    });
  });
}
