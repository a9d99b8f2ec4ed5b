// Where the token is kept: each store, in several processes, and with the command line.

import assert from 'node:assert/strict';
import { execFile, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { Redis } from 'ioredis';
import { Client, memoryStore, methods } from 'nnopen';
import { defaultFolder, fileStore } from 'nnopen/file';
import { redisStore } from 'nnopen/redis';
import { createClient } from 'redis';

import { SECRET, simulator, TAX_NUM } from './support/simulator.mjs';
import { vectors } from './support/vectors.mjs';

const { queryInvoiceResult } = methods.query;
const settings = { serviceUrl: 'http://127.0.0.1:59999/open/v1/services', tokenUrl: 'http://127.0.0.1:59999/accessToken', appKey: 'SD00000001', appSecret: SECRET, taxNum: TAX_NUM };
const tokensOf = async (platform) => (await platform.requests()).filter((request) => request.target.startsWith('/accessToken'));

/** What every store must do. */
async function holds(store) {
  assert.equal(await store.load('k'), undefined);
  for (let version = 0; version < 20; version++) {
    const tries = Array.from({ length: 8 }, (_, at) => store.swap('k', version, Buffer.from(`${version} ${at} 令牌`)));
    assert.equal((await Promise.all(tries)).filter(Boolean).length, 1);
    const kept = await store.load('k');
    assert.equal(kept.version, version + 1);
    assert.match(Buffer.from(kept.bytes).toString(), new RegExp(`^${version} \\d 令牌$`));
  }
  assert.equal(await store.swap('k', 3, Buffer.from('late')), false);
}

describe('stores', { timeout: 120_000 }, () => {
  for (const [name, make] of Object.entries({ memory: () => memoryStore(), file: (folder) => fileStore(folder) })) {
    test(`${name}: of many swaps at once one is taken`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nnopen-store-'));
      await holds(make(folder));
      rmSync(folder, { recursive: true });
    });
  }

  test('file: a key that leads elsewhere is refused', async () => {
    await assert.rejects(fileStore(tmpdir()).load('../k'), /a key is letters/);
  });

  test('the command line and Node share one token', async () => {
    const platform = await simulator();
    const state = mkdtempSync(join(tmpdir(), 'nnopen-store-'));
    const options = { ...platform.options };
    const env = {
      ...process.env,
      NNOPEN_STATE_DIR: state,
      NNOPEN_URL: options.serviceUrl,
      NNOPEN_TOKEN_URL: options.tokenUrl,
      NNOPEN_APP_KEY: options.appKey,
      NNOPEN_APP_SECRET: SECRET,
      NNOPEN_TAX_NUM: TAX_NUM,
    };
    const ask = (orderNo) =>
      new Promise((resolve) => {
        execFile(process.env.NNOPEN_BIN, ['query', orderNo], { env, cwd: state }, (_, stdout, stderr) => resolve(stdout + stderr));
      });
    try {
      assert.match(await ask('NONE-1'), /E9500/);
      const client = () => new Client({ ...options, store: fileStore(state) });
      await assert.rejects(client().call(queryInvoiceResult, { orderNos: ['NONE-2'] }), { code: 'E9500' });
      assert.equal((await tokensOf(platform)).length, 1, 'Node uses the token that the command line fetched');
      // The platform takes it no more: Node fetches the next one, and the command line uses that.
      await platform.admin('faults', { fault: 'expired_token' });
      await assert.rejects(client().call(queryInvoiceResult, { orderNos: ['NONE-3'] }), { code: 'E9500' });
      assert.equal((await tokensOf(platform)).length, 2);
      assert.match(await ask('NONE-4'), /E9500/);
      assert.equal((await tokensOf(platform)).length, 2);
    } finally {
      platform.stop();
      rmSync(state, { recursive: true, force: true });
    }
  });

  test('the default folder is that of the vectors', () => {
    const { cases } = JSON.parse(readFileSync(join(vectors, 'default-folder.json'), 'utf8'));
    assert.ok(cases.length > 20);
    for (const { system, variables, folder } of cases) {
      assert.equal(defaultFolder(system, variables) ?? null, folder, JSON.stringify({ system, variables }));
    }
  });

  test('without a store it is the file in that folder; memory is told', async () => {
    const platform = await simulator();
    const state = mkdtempSync(join(tmpdir(), 'nnopen-store-'));
    const before = process.env.NNOPEN_STATE_DIR;
    process.env.NNOPEN_STATE_DIR = state;
    const ask = (more) =>
      assert.rejects(new Client({ ...platform.options, ...more }).call(queryInvoiceResult, { orderNos: ['NONE'] }), { code: 'E9500' });
    try {
      await ask();
      await ask();
      assert.equal((await tokensOf(platform)).length, 1);
      const files = readdirSync(state).map((file) => file.split('.').at(-1));
      assert.deepEqual(files.sort(), ['lock', 'token']);
      await ask({ store: memoryStore() });
      assert.equal((await tokensOf(platform)).length, 2, 'memory is this client\'s own');
    } finally {
      process.env.NNOPEN_STATE_DIR = before;
      platform.stop();
      rmSync(state, { recursive: true, force: true });
    }
  });

  test('a user without a home is told what to do', { skip: process.platform === 'win32' && 'a home is something else there' }, () => {
    const told = () => {
      try {
        new Client(settings);
        return 'opened';
      } catch ({ kind, hintEn }) {
        return `${kind} ${hintEn}`;
      }
    };
    const before = { ...process.env };
    for (const name of ['NNOPEN_STATE_DIR', 'XDG_STATE_HOME']) delete process.env[name];
    try {
      process.env.HOME = 'no-home';
      assert.match(told(), /^input .*NNOPEN_STATE_DIR/);
      new Client({ ...settings, store: memoryStore() });
      new Client({ ...settings, permanentToken: 'T-1' });
      delete process.env.HOME;
      assert.equal(told(), 'opened', 'the home that the system knows');
    } finally {
      Object.assign(process.env, before);
    }
  });

  test('a folder that can not be made is told by name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nnopen-store-'));
    const file = join(folder, 'file');
    writeFileSync(file, 'in the way');
    const error = await new Client({ ...settings, store: fileStore(join(file, 'tokens')) }).signIn().catch((error) => error);
    assert.equal(error.kind, 'transport', inspect(error));
    assert.ok(error.describe.includes(file), error.describe);
    rmSync(folder, { recursive: true });
  });

  test('processes share one token through a folder for its owner alone', async () => {
    const platform = await simulator();
    const folder = join(mkdtempSync(join(tmpdir(), 'nnopen-store-')), 'tokens');
    const program = fileURLToPath(new URL('./support/process.mjs', import.meta.url));
    try {
      const ends = Array.from({ length: 6 }, () => {
        const child = fork(program, [platform.url, folder]);
        return new Promise((resolve) => child.on('exit', resolve));
      });
      assert.deepEqual(await Promise.all(ends), [0, 0, 0, 0, 0, 0]);
      assert.equal((await tokensOf(platform)).length, 1);
      if (process.platform !== 'win32') {
        assert.equal(statSync(folder).mode & 0o777, 0o700);
        for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
      }
      assert.deepEqual(readdirSync(folder).map((file) => file.split('.').at(-1)).sort(), ['lock', 'token'], 'nothing half done is left');
    } finally {
      platform.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a store that fails without a token ends the call as transport', async () => {
    const store = {
      load: async () => {
        throw new Error('the store is away');
      },
      swap: async () => false,
    };
    const never = async () => assert.fail('nothing may be sent');
    const error = await new Client({ ...settings, store, transport: never }).call(queryInvoiceResult, { orderNos: ['1'] }).catch((error) => error);
    assert.equal(error.kind, 'transport', inspect(error));
  });
});


/** A Redis of our own, if this machine has one. */
async function redisServer() {
  const port = await new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const up = await new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.once('exit', () => resolve(false));
    server.stdout.on('data', (told) => `${told}`.includes('Ready to accept') && resolve(true));
  });
  return up ? { url: `redis://127.0.0.1:${port}`, stop: () => server.kill() } : undefined;
}

const redis = await redisServer();

describe('redis', { skip: redis ? false : 'needs redis-server', timeout: 60_000 }, () => {
  const clients = {
    ioredis: async () => {
      const client = new Redis(redis.url);
      return [client, () => client.disconnect()];
    },
    'node-redis': async () => {
      const client = await createClient({ url: redis.url }).connect();
      return [client, () => client.destroy()];
    },
  };
  const open = {};
  before(async () => {
    for (const [name, make] of Object.entries(clients)) open[name] = await make();
  });
  after(() => {
    for (const [, close] of Object.values(open)) close();
    redis?.stop();
  });

  for (const name of Object.keys(clients)) {
    test(`${name}: of many swaps at once one is taken`, () => holds(redisStore(open[name][0], `${name}:`)));
  }

  test('clients of both kinds share one token', async () => {
    const platform = await simulator();
    try {
      const stores = Object.values(open).map(([client]) => redisStore(client));
      const asks = [...stores, ...stores, ...stores].map((store) => {
        const { now: _, sleep: __, ...options } = platform.options;
        return new Client({ ...options, store }).call(queryInvoiceResult, { orderNos: ['NONE'] }).catch((error) => error.code ?? inspect(error));
      });
      assert.deepEqual(new Set(await Promise.all(asks)), new Set(['E9500']));
      assert.equal((await tokensOf(platform)).length, 1);
    } finally {
      platform.stop();
    }
  });
});
