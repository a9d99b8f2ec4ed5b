// Many orders followed at once, against the simulator and against platforms of our own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Client, methods } from 'nnopen';

import { order, SECRET, simulator, TAX_NUM } from './support/simulator.mjs';

const { requestBillingNew } = methods.invoicing;
const { queryInvoiceResult } = methods.query;
const settings = { environment: 'sandbox', appKey: 'SD00000001', appSecret: SECRET, taxNum: TAX_NUM, permanentToken: 'T-1' };

/** A platform that answers each query by `row`, and a clock that only sleeping moves. */
function platform(row) {
  let now = 1_700_000_000_000;
  const asked = [];
  const transport = async (request) => {
    const { orderNos } = JSON.parse(Buffer.from(request.body));
    asked.push({ at: now, orderNos });
    const result = orderNos.flatMap((orderNo) => row(orderNo, asked.length) ?? []);
    return { status: 200, body: Buffer.from(JSON.stringify(result.length ? { code: 'E0000', result } : { code: 'E9500', describe: 'none' })) };
  };
  const sleep = (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      now += milliseconds;
      setImmediate(resolve);
    });
  return { asked, client: new Client({ ...settings, transport, sleep, now: () => now }), since: now };
}

async function all(events) {
  const told = [];
  for await (const event of events) told.push(event);
  return told;
}

describe('a batch', { timeout: 60_000 }, () => {
  test('follows orders of the simulator to their ends', async () => {
    const world = await simulator();
    try {
      const client = new Client(world.options);
      const batch = client.follow(queryInvoiceResult, { rate: 50 });
      for (const orderNo of ['B-1', 'B-2', 'B-3-FAIL']) {
        await client.call(requestBillingNew, order(orderNo));
        assert.equal(batch.add(orderNo), true);
      }
      assert.equal(batch.add('B-1'), false);
      const told = await all(batch.events());
      assert.deepEqual(told.map(({ kind, key }) => `${kind} ${key}`).sort(), ['done B-1', 'done B-2', 'failed B-3-FAIL']);
      assert.equal(told.find(({ key }) => key === 'B-1').rows[0].orderAmount, '3198.00');
      const { pending, done, failed } = batch.progress();
      assert.deepEqual([pending, done, failed], [0, 2, 1]);
    } finally {
      world.stop();
    }
  });

  test('asks about fifty at once, no faster than its rate', async () => {
    const { client, asked, since } = platform((orderNo) => ({ orderNo, status: '2' }));
    const batch = client.follow(queryInvoiceResult, { rate: 2 });
    for (let at = 0; at < 180; at++) batch.add(`B-${at}`, since - 60_000);
    assert.equal((await all(batch.events())).length, 180);
    assert.deepEqual(asked.map(({ orderNos }) => orderNos.length), [50, 50, 50, 30]);
    asked.slice(1).forEach(({ at }, index) => assert.ok(at - asked[index].at >= 500));
  });

  test('is kept and resumed, by another client too', async () => {
    const { client, since } = platform(() => ({ orderNo: 'B-0', status: '2' }));
    const batch = client.follow(queryInvoiceResult);
    batch.add('B-0', since - 60_000);
    const text = batch.snapshot();
    for (const secret of [SECRET, 'T-1']) assert.ok(!text.includes(secret));
    const { client: other } = platform(() => ({ orderNo: 'B-0', status: '2' }));
    const resumed = other.follow(queryInvoiceResult);
    assert.equal(resumed.resume(text), 1);
    assert.deepEqual((await all(resumed)).map(({ kind, key }) => [kind, key]), [['done', 'B-0']]);
    assert.throws(() => new Client({ ...settings, taxNum: '339901999999143' }).follow(queryInvoiceResult).resume(text), { kind: 'input' });
    assert.throws(() => resumed.resume('{'), { kind: 'input' });
  });

  test('trouble ends no order, and is told with its error', async () => {
    let lost = 0;
    const { client, since } = platform((orderNo) => {
      if (lost++ < 8) throw Object.assign(new Error(`reset ${SECRET}`), { code: 'ECONNRESET' });
      return { orderNo, status: '2' };
    });
    const batch = client.follow(queryInvoiceResult);
    batch.add('B-1', since - 60_000);
    const told = await all(batch.events());
    const [trouble, done] = [told[0], told.at(-1)];
    assert.deepEqual([trouble.kind, trouble.keys, trouble.error.kind, trouble.error.cause.code], ['trouble', ['B-1'], 'transport', 'ECONNRESET']);
    assert.ok(!JSON.stringify(trouble).includes(SECRET));
    assert.equal(done.kind, 'done');
  });

  test('a hint or a new order wakes it; aborting loses nothing', { timeout: 20_000 }, async () => {
    const client = new Client({ ...settings, transport: async (request) => {
      const { orderNos } = JSON.parse(Buffer.from(request.body));
      return { status: 200, body: Buffer.from(JSON.stringify({ code: 'E0000', result: orderNos.map((orderNo) => ({ orderNo, status: '2' })) })) };
    } });
    const batch = client.follow(queryInvoiceResult);
    const ends = new AbortController();
    const told = [];
    const running = (async () => {
      for await (const event of batch.events({ keepOpen: true, signal: ends.signal })) told.push(event.key);
    })();
    await new Promise((resolve) => setTimeout(resolve, 50));
    batch.add('B-1', Date.now() - 60_000);
    while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(told, ['B-1']);
    await assert.rejects(batch.events().next(), { kind: 'usage' });
    batch.add('B-2');
    ends.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.equal(batch.progress().pending, 1);
  });

  test('wrong rules are told', () => {
    const client = new Client(settings);
    const follow = (rules, method = queryInvoiceResult) => () => client.follow(method, rules).progress();
    assert.throws(follow({ rate: 0 }), /rate/);
    assert.throws(follow({ rate: 5, with: [] }), /with/);
    assert.throws(follow({ by: 'invoiceNos' }), /by/);
    assert.throws(follow({ rate: 'fast' }), { kind: 'usage' });
    assert.throws(follow({}, requestBillingNew), { kind: 'usage' });
  });
});

describe('a kept call', { timeout: 60_000 }, () => {
  test('is gone on with after its process ended, and asks first', async () => {
    const world = await simulator();
    try {
      const kept = [];
      const dies = async (request, signal) => {
        const answer = await fetch(request.url, { method: 'POST', headers: request.headers.map(([name, value]) => [name, value]), body: request.body, signal });
        if (request.purpose === requestBillingNew) return new Promise(() => {});
        return { status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) };
      };
      const first = new Client({ ...world.options, transport: dies });
      void first.settle(requestBillingNew, order('K-1'), { keep: (text) => kept.push(text) });
      while ((await world.invoices('K-1')).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const text = kept.at(-1);
      assert.ok(text.includes('K-1') && !text.includes(SECRET));
      const [invoice] = await new Client(world.options).resume(text);
      assert.equal(invoice.status, '2');
      assert.equal((await world.invoices('K-1')).length, 1);
    } finally {
      world.stop();
    }
  });
});
