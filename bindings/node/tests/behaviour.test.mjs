// What a careless or hostile world does to the driver.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer as createHttp } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

import axios from 'axios';
import { amounts, check, Client, fetchTransport, fill, InputError, memoryStore, methods, NnopenError, NotSent, red, split, totals } from 'nnopen';
import { axiosTransport } from 'nnopen/axios';
import { httpTransport } from 'nnopen/http';

import { order, SECRET, simulator } from './support/simulator.mjs';

const { requestBillingNew } = methods.invoicing;
const { queryInvoiceResult } = methods.query;
const transports = { fetch: fetchTransport, http: httpTransport, axios: (options) => axiosTransport(axios.create(), options) };
const TOKEN = 'T0123456789abcdef';
const settings = { serviceUrl: 'http://127.0.0.1:59999/open/v1/services', tokenUrl: 'http://127.0.0.1:59999/accessToken', appKey: 'SD00000001', appSecret: SECRET, taxNum: '339901999999142' };
const wrong = (params, method = requestBillingNew) =>
  check(method, params).violations.filter(({ severity }) => severity === 'error').map(({ path, rule }) => `${rule} ${path}`);

describe('params', () => {
  const line = (more) => ({ order: { ...order('P-1').order, invoiceDetail: [{ ...order('P-1').order.invoiceDetail[0], ...more }] } });
  const at = 'order.invoiceDetail[0]';

  test('a number for money is refused with its path', () => {
    for (const price of [12.5, 100, 0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, -0]) {
      assert.ok(wrong(line({ price })).includes(`type ${at}.price`), `${price}`);
    }
    assert.deepEqual(wrong(line({})), []);
  });

  test('whole numbers are taken where whole numbers are meant, if they are exact', () => {
    const paged = (pageNo) => wrong({ taxnum: 'x', pageNo }).filter((fault) => fault.endsWith('pageNo'));
    assert.deepEqual(wrong({ orderNos: [1] }, queryInvoiceResult), []);
    assert.deepEqual(wrong({ orderNos: [2 ** 53] }, queryInvoiceResult), ['type orderNos[0]']);
    assert.deepEqual(wrong({ orderNos: [2n ** 70n] }, queryInvoiceResult), []);
    assert.deepEqual(paged(1), []);
  });

  test('odd values are told, not sent', () => {
    assert.ok(wrong(line({ specType: Symbol('a') })).length === 0, 'a symbol is nothing, as in JSON');
    assert.ok(wrong(line({ price: { toJSON: () => '1299.00' } })).length === 0, 'a decimal of some library');
    assert.ok(wrong(line({ price: [] })).includes(`type ${at}.price`));
    assert.ok(wrong({ order: { ...order('P-1').order, invoiceDate: new Date(0) } }).some((fault) => fault.endsWith('order.invoiceDate')));
    assert.deepEqual(wrong({ orderNos: ['\ud800'] }, queryInvoiceResult), ['surrogate orderNos[0]']);
    for (const params of [undefined, null, 1, 'text', []]) assert.deepEqual(wrong(params), ['type ']);
    const cycle = { order: order('P-1').order };
    cycle.order.more = cycle;
    assert.ok(wrong(cycle).some((fault) => fault.startsWith('depth order.more')));
  });

  test('what leads to itself twice, and what has no end, is told in time', () => {
    const began = performance.now();
    const wide = [];
    wide.push(wide, wide);
    assert.ok(wrong({ order: { ...order('P-1').order, more: wide } }).length > 0);
    const endless = new Array(2 ** 32 - 1);
    assert.ok(wrong({ order: { ...order('P-1').order, invoiceDetail: endless } }).some((fault) => fault.startsWith('size ')));
    const text = 'x'.repeat(1e7);
    assert.ok(wrong({ order: { ...order('P-1').order, notes: Array.from({ length: 1000 }, () => text) } }).some((fault) => fault.startsWith('size ')));
    assert.ok(performance.now() - began < 30_000);
  });

  test('amounts are worked out exactly', () => {
    const line = { goodsName: 'a', withTaxFlag: '1', taxRate: '0.13', taxIncludedAmount: '101.00' };
    const told = { taxExcludedAmount: '89.38', tax: '11.62', taxIncludedAmount: '101.00' };
    assert.deepEqual(amounts(line), told);
    assert.deepEqual(amounts(JSON.stringify(line)), told);
    assert.throws(() => amounts({ ...line, taxIncludedAmount: 101.5 }), { kind: 'input' });
  });

  test('an order is filled, split and taken back', () => {
    const draft = { ...order('P-3').order, invoiceDetail: [{ goodsName: 'a', withTaxFlag: '0', taxRate: '0.13', price: '60000', num: '3' }] };
    assert.equal(fill(draft).invoiceDetail[0].tax, '23400.00');
    // The params around an order are no order: they do not come to 0.00.
    assert.throws(() => totals(order('P-3')), ({ violations: [{ path }] }) => path === 'order.invoiceDetail');
    assert.deepEqual(totals(fill(draft)), { taxExcludedAmount: '180000.00', tax: '23400.00', taxIncludedAmount: '203400.00' });
    const parts = split(draft, '100000');
    assert.deepEqual(parts.map((part) => [part.orderNo, totals(part).taxExcludedAmount]), [['P-3-1', '100000.00'], ['P-3-2', '80000.00']]);
    const texts = split(JSON.stringify(draft), '100000');
    assert.deepEqual(texts.map((text) => JSON.parse(text)), parts);
    assert.equal(fill('{"orderNo":20190801120207971529,"invoiceDetail":[]}'), '{"orderNo":20190801120207971529,"invoiceDetail":[]}');
    assert.throws(() => split(draft, 'much'), { kind: 'usage' });
    assert.throws(() => red({ ...draft, invoiceDetail: 3 }, 'R-1', '2026-01-31 10:30:00', '1'), NnopenError);
  });

  test('objects that are not what they seem are told or thrown, never sent', async () => {
    const thrower = { get orderNos() { throw new Error('a getter of the host'); } };
    const ask = (params) => new Client({ ...settings, transport: async () => assert.fail('nothing may be sent') }).call(queryInvoiceResult, params);
    await assert.rejects(ask(thrower), ({ kind, cause }) => kind === 'usage' && cause.message === 'a getter of the host');
    await assert.rejects(ask(new Proxy({}, { ownKeys() { throw new RangeError('a trap'); } })), ({ kind, cause }) => kind === 'usage' && cause instanceof RangeError);
    await assert.rejects(ask(new Proxy({ orderNo: ['1'] }, {})), { kind: 'input' });
    assert.deepEqual(wrong(new Proxy({ orderNos: ['1'] }, {}), queryInvoiceResult), []);
    assert.deepEqual(wrong(Object.assign(Object.create({ serialNos: ['inherited'] }), { orderNos: ['1'] }), queryInvoiceResult), []);
    for (const odd of [new Map([['orderNos', ['1']]]), new Date(0), /a/, () => {}, 1n, Symbol('a'), new Uint8Array(3), 'text']) {
      await assert.rejects(ask(odd), { kind: 'input' });
    }
    await assert.rejects(ask(JSON.parse('{"__proto__":{"orderNos":["1"]}}')), { kind: 'input' });
    const deep = Array.from({ length: 10_000 }).reduce((inner) => [inner], '1');
    await assert.rejects(ask({ orderNos: deep }), { kind: 'input' });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    await assert.rejects(ask(revoked.proxy), ({ kind, cause }) => kind === 'usage' && cause instanceof TypeError);
  });

  test('ten megabytes are an order too', () => {
    const { order: small } = order('P-2');
    const big = { order: { ...small, invoiceDetail: Array.from({ length: 2000 }, () => small.invoiceDetail[0]), note: 'x'.repeat(1e7) } };
    assert.ok(check(requestBillingNew, big).violations.length > 0);
  });
});

describe('secrets', () => {
  test('stand in nothing that can be printed', async () => {
    let request;
    const told = [];
    const transport = async (sent) => {
      request = sent;
      if (sent.purpose === 'accessToken') {
        return { status: 200, body: Buffer.from(`{"access_token":"${TOKEN}","expires_in":86400}`) };
      }
      const error = new Error(`boom ${SECRET} ${TOKEN}`);
      throw Object.assign(error, { config: { headers: Object.fromEntries(sent.headers) }, cause: error });
    };
    const client = new Client({ ...settings, store: memoryStore(), transport });
    const thrown = await client.call(requestBillingNew, order('X-1')).catch((error) => error);
    assert.ok(thrown instanceof NnopenError && thrown.kind === 'uncertain');
    for (const thing of [client, request, thrown, thrown.cause]) {
      const deep = inspect(thing, { depth: 9, showHidden: true, getters: true });
      told.push(inspect(thing), JSON.stringify(thing) ?? '', String(thing), `${thing?.stack}`, thing === request ? inspect(thing) : deep);
    }
    const sign = request.headers.find(([name]) => name === 'X-Nuonuo-Sign')[1];
    for (const secret of [SECRET, TOKEN, sign]) {
      assert.ok(!told.some((text) => text.includes(secret)), told.find((text) => text.includes(secret)));
    }
    assert.ok(Buffer.from(request.body).includes('X-1'), 'the transport itself has it all');
  });

  test('a refused secret does not stand in the error', async () => {
    const transport = async () => ({ status: 200, body: Buffer.from(`{"error":"070302","error_description":"Incorrect clientSecret[${SECRET}]"}`) });
    const error = await new Client({ ...settings, store: memoryStore(), transport }).signIn().catch((error) => error);
    assert.equal(error.kind, 'auth');
    assert.ok(!inspect(error, { depth: 9, showHidden: true, getters: true }).includes(SECRET));
  });
});

describe('errors', () => {
  test('are Errors, told apart by kind or class', async () => {
    const error = await new Client(settings).call(requestBillingNew, {}).catch((error) => error);
    assert.ok(error instanceof Error && error instanceof NnopenError && error instanceof InputError);
    assert.deepEqual([error.name, error.kind, error.violations[0].path], ['InputError', 'input', 'order']);
    assert.deepEqual(JSON.parse(JSON.stringify(error)).kind, 'input');
  });

  test('wrong settings are told at once', () => {
    assert.throws(() => new Client({ ...settings, appKey: '' }), { kind: 'input' });
    assert.throws(() => new Client({ ...settings, serviceUrl: undefined }), { kind: 'usage' });
    assert.throws(() => new Client({ ...settings, appKey: 12 }), { kind: 'usage' });
    assert.throws(() => new Client({ ...settings, appSecret: undefined }), { kind: 'usage', message: 'appSecret must be a string, not a undefined' });
  });

  test('a secret of the wrong type is not shown', async () => {
    const client = new Client({ ...settings, transport: async () => assert.fail('nothing may be sent') });
    const errors = await Promise.all([
      Promise.resolve().then(() => new Client({ ...settings, appSecret: 7133713371337 })).catch((error) => error),
      Promise.resolve().then(() => new Client({ ...settings, permanentToken: { text: 7133713371337 } })).catch((error) => error),
      client.signIn({ code: 7133713371337, taxNum: '339901999999142', redirectUri: 'https://example.com' }).catch((error) => error),
    ]);
    for (const error of errors) {
      assert.ok(error instanceof NnopenError, inspect(error));
      assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('7133713371337'), inspect(error));
    }
  });

  test('an argument of the wrong type does no harm to the WebAssembly', async () => {
    const program = `
      import { Client, coreKind, sign, split, UsageError } from 'nnopen';
      const client = new Client({ ...${JSON.stringify(settings)}, transport: async () => { throw new Error('nothing may be sent'); } });
      const told = [];
      for (const wrong of [7133713371337, { a: 1 }, null, undefined, 7n, ['a'], Symbol('a')]) {
        for (const work of [() => split({ invoiceDetail: [] }, wrong), () => client.restore(wrong), () => client.callRaw('x', wrong), () => client.signIn({ code: wrong, taxNum: '1', redirectUri: 'x' })]) {
          const error = await Promise.resolve().then(work).catch((error) => error);
          told.push(error instanceof UsageError && !/memory|7133713371337/.test(error.message) ? '' : String(error.message));
        }
      }
      const { signature } = sign({ appSecret: 'S', path: '/open/v1/services', appKey: 'K', senid: '1', nonce: '2', timestamp: '3', body: '{}' });
      console.log(JSON.stringify([coreKind(), told.filter(Boolean), signature]));
    `;
    const answers = await Promise.all(
      [{}, { NNOPEN_FORCE_WASM: '1' }].map(
        (env) =>
          new Promise((resolve, reject) => {
            const options = { cwd: import.meta.dirname, env: { ...process.env, ...env } };
            execFile(process.execPath, ['--input-type=module', '-e', program], options, (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))));
          }),
      ),
    );
    assert.deepEqual(answers.map(([kind, told]) => [kind, told]), [['native', []], ['wasm', []]]);
    assert.equal(answers[0][2], answers[1][2]);
  });

  test('an answer that is none leaves a write uncertain', async () => {
    const body = new Uint8Array();
    const unreachable = Object.assign(new Error('read EHOSTUNREACH'), { code: 'EHOSTUNREACH', syscall: 'read' });
    const answers = [undefined, null, 5, {}, { status: 200, body: 'text' }, ...['200', NaN, -1, 200.5, 70_000].map((status) => ({ status, body }))];
    const transports = [...answers.map((answer) => async () => answer), ...[null, 'boom', Symbol('a'), unreachable].map((thrown) => async () => { throw thrown; })];
    for (const transport of transports) {
      const error = await new Client({ ...settings, permanentToken: TOKEN, transport }).call(requestBillingNew, order('W-1')).catch((error) => error);
      assert.equal(error.kind, 'uncertain', inspect(error));
    }
  });
});

/** Serves one thing to everybody. */
async function serving(server, work) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections?.();
  }
}

for (const [name, transport] of Object.entries(transports)) {
  describe(`${name} transport`, { timeout: 60_000 }, () => {
    const client = (url, options) => new Client({ ...settings, serviceUrl: `${url}/open/v1/services`, permanentToken: TOKEN, transport: transport(options) });
    const write = (url, options) => client(url, options).call(requestBillingNew, order('H-1')).catch((error) => error);

    test('a refused connection: nothing was sent', async () => {
      const error = await write('http://127.0.0.1:59999');
      assert.equal(error.kind, 'transport', inspect(error));
    });

    test('redirects are not followed', async () => {
      let asked = 0;
      const server = createHttp((request, response) => {
        asked += 1;
        request.resume();
        request.on('end', () => response.writeHead(307, { Location: '/elsewhere' }).end());
      });
      await serving(server, async (url) => assert.equal((await write(url)).kind, 'uncertain'));
      assert.equal(asked, 1);
    });

    test('a server that says nothing is given up', async () => {
      const server = createServer(() => {});
      const sockets = [];
      server.on('connection', (socket) => sockets.push(socket));
      await serving(server, async (url) => {
        assert.equal((await write(url, { timeout: 200 })).kind, 'uncertain');
        sockets.forEach((socket) => socket.destroy());
      });
    });

    test('rubbish and a closed connection are uncertain', async () => {
      for (const rubbish of ['SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"code"', '']) {
        const server = createServer((socket) => socket.once('data', () => socket.end(rubbish)).on('error', () => {}));
        await serving(server, async (url) => assert.equal((await write(url)).kind, 'uncertain', rubbish));
      }
    });

    test('an answer without an end is cut off', async () => {
      const server = createHttp((request, response) => {
        request.resume();
        const part = Buffer.alloc(1 << 20, 'x');
        const more = () => {
          while (!response.destroyed && response.write(part));
        };
        response.on('drain', more).on('error', () => {});
        more();
      });
      await serving(server, async (url) => assert.equal((await write(url)).kind, 'uncertain'));
    });

    test('an answer that drips, and a switch of protocols, are given up', async () => {
      const drip = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(timer));
      };
      const talks = [
        drip,
        (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
        (socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
      ];
      for (const talk of talks) {
        const sockets = [];
        const server = createServer((socket) => sockets.push(socket.on('error', () => {}).once('data', () => talk(socket))));
        await serving(server, async (url) => {
          assert.equal((await write(url, { timeout: 500 })).kind, 'uncertain');
          sockets.forEach((socket) => socket.destroy());
        });
      }
    });

    test('headers without an end are given up', async () => {
      const sockets = [];
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => {}));
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write(`X-${Math.random()}: ${'y'.repeat(1000)}\r\n`), 5);
        socket.on('close', () => clearInterval(timer));
      });
      await serving(server, async (url) => {
        assert.equal((await write(url, { timeout: 500 })).kind, 'uncertain');
        sockets.forEach((socket) => socket.destroy());
      });
    });

    test('an aborted write is uncertain', async () => {
      const server = createServer(() => {});
      const sockets = [];
      server.on('connection', (socket) => sockets.push(socket.on('error', () => {})));
      await serving(server, async (url) => {
        const signal = AbortSignal.timeout(100);
        const error = await client(url).call(requestBillingNew, order('H-2'), { signal }).catch((error) => error);
        assert.equal(error.kind, 'uncertain', inspect(error));
        sockets.forEach((socket) => socket.destroy());
      });
    });

    test('an unknown certificate: nothing was sent', async () => {
      const platform = await simulator('--tls');
      try {
        assert.equal((await write(platform.url)).kind, 'transport');
      } finally {
        platform.stop();
      }
    });
  });
}

describe('threads', () => {
  test('eight workers sign, call and fail at once', async () => {
    const work = () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./support/worker.mjs', import.meta.url), { workerData: settings });
        worker.once('message', resolve).once('error', reject);
      });
    assert.deepEqual(new Set(await Promise.all(Array.from({ length: 8 }, work))), new Set(['1000 transport']));
  });
});

describe('what the native build holds', () => {
  const core = createRequire(import.meta.url)('../native/core.cjs').face();
  const session = () => new core.Session('sandbox', undefined, undefined, 'SD00000001', SECRET, '339901999999142', false, TOKEN, false);
  const entropy = (first) => new Uint8Array(20).fill(first);
  const asked = (held) => held.start('call', queryInvoiceResult, '{"orderNos":["A"]}', true);
  const now = 1_790_042_400_000;

  test('is gone when it has ended, and told to be', () => {
    const held = session();
    const call = asked(held);
    const [head, body] = call.step(now, entropy(1), true);
    assert.match(head, /^https:.*\nContent-Type: application\/json\n/);
    assert.equal(Buffer.from(body).toString(), '{"orderNos":["A"]}');
    assert.equal(call.answer(200, Buffer.from('{"code":"E0000","result":[{"a":1.50}]}'), now, entropy(2)), '[{"a":"1.50"}]');
    assert.throws(() => call.step(now, entropy(3), true), /the call has ended/);
    call.end();
    const other = asked(held);
    assert.equal(other.step(now, entropy(4), true).length, 2, 'another call is not touched');
    held.end();
    assert.throws(() => asked(held), /the call has ended/);
    assert.throws(() => other.add('A', now, now), TypeError);
    assert.equal(other.answer(200, Buffer.from('{"code":"E0000","result":[]}'), now, entropy(5)), '[]', 'a call outlives its session');
  });

  test('is closed when nobody holds it: a call under way was lost then', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const purposes = [];
    const transport = ({ purpose }) => {
      purposes.push(purpose);
      return new Promise(() => {});
    };
    const slept = [];
    const sleep = async (milliseconds) => {
      slept.push(milliseconds);
      throw new Error('it waits');
    };
    const client = new Client({ ...settings, store: memoryStore(), transport, sleep });
    const ask = () => client.call(queryInvoiceResult, { orderNos: ['A'] });
    ask();
    await setTimeout(1);
    assert.deepEqual(purposes, ['accessToken']);
    await assert.rejects(ask(), { message: 'it waits' }, 'the other one asks for a token');
    for (let turn = 0; turn < 100 && slept.length > 0; turn += 1) {
      collect();
      await setTimeout(1);
      slept.length = 0;
      await Promise.race([ask().catch((error) => error.kind), setTimeout(20)]);
    }
    assert.deepEqual(slept, []);
  });
});

test('NotSent of a transport of one\'s own is believed', async () => {
  const transport = async () => {
    throw new NotSent('the proxy is down');
  };
  const error = await new Client({ ...settings, permanentToken: TOKEN, transport }).call(requestBillingNew, order('Y-1')).catch((error) => error);
  assert.equal(error.kind, 'transport');
});
