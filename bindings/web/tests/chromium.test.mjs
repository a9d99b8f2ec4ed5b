// The package in Chromium: every vector, what a page needs of a policy, how it is made ready.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { executable, launch, serve } from './support/browser.mjs';

const node = fileURLToPath(new URL('../../node/', import.meta.url));
const vectors = fileURLToPath(new URL('../../../tests/vectors/', import.meta.url));
const imports = JSON.stringify({ imports: { '#core': '/node/wasm/core.mjs', nnopen: '/node/dist/esm/index.js', 'nnopen/model': '/node/dist/esm/model.js' } });
const hash = createHash('sha256').update(imports).digest('base64');
const policy = (wasm) => `default-src 'none'; script-src 'self' 'sha256-${hash}' ${wasm}; connect-src 'self'`;
const page = `<!doctype html><title>nnopen</title><script type="importmap">${imports}</script>`;
const names = readdirSync(vectors, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const filesOf = (folder) => readdirSync(join(vectors, folder)).filter((file) => file.endsWith('.json')).sort();

describe('in Chromium', { skip: executable ? false : 'needs Chromium', timeout: 300_000 }, () => {
  let browser;
  let server;
  const requests = [];
  const errors = [];

  const open = async (url = server.url) => {
    const tab = await browser.newPage();
    tab.on('request', (request) => requests.push(request.url()));
    tab.on('pageerror', (error) => errors.push(error.message));
    await tab.goto(`${url}/`);
    return tab;
  };

  before(async () => {
    const folders = { '/node/': node, '/vectors/': vectors };
    server = await serve(folders, policy("'wasm-unsafe-eval'"), { '/': page });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.stop();
  });

  for (const folder of names) {
    describe(folder, () => {
      let told;
      before(async () => {
        const tab = await open();
        told = await tab.evaluate(
          async ([folder, files]) => {
            const core = await import('/node/wasm/core.mjs');
            const { folders } = await import('/node/tests/support/folders.mjs');
            const { playCall } = await import('/node/tests/support/play.mjs');
            const { parse } = await import('/node/tests/support/json.mjs');
            await core.init();
            const told = {};
            for (const file of files) {
              const vector = parse(await (await fetch(`/vectors/${folder}/${file}`)).text());
              try {
                (folders[folder] ?? playCall)(core.face(), vector);
                told[file] = '';
              } catch (error) {
                told[file] = error.message || 'failed';
              }
            }
            return told;
          },
          [folder, filesOf(folder)],
        );
        await tab.close();
      });
      const files = filesOf(folder);
      test('holds vectors', () => assert.ok(files.length > 0));
      for (const file of files) {
        test(file, () => (folder === 'broken' ? assert.notEqual(told[file], '') : assert.equal(told[file], '')));
      }
    });
  }

  test('init takes an address, bytes or a module, and is done once', async () => {
    const ways = {
      none: () => undefined,
      address: () => '/node/wasm/nnopen_bg.wasm',
      url: () => new URL('/node/wasm/nnopen_bg.wasm', location.href),
      response: () => fetch('/node/wasm/nnopen_bg.wasm'),
      bytes: async () => new Uint8Array(await (await fetch('/node/wasm/nnopen_bg.wasm')).arrayBuffer()),
      module: () => WebAssembly.compileStreaming(fetch('/node/wasm/nnopen_bg.wasm')),
    };
    for (const [name, way] of Object.entries(ways)) {
      const tab = await open();
      const told = await tab.evaluate(`(async () => {
        const { check, init, coreKind, methods } = await import('nnopen');
        let early;
        try { check(methods.query.queryInvoiceResult, {}); } catch (error) { early = error.kind; }
        const source = await (${way})();
        await Promise.all([init(source), init(source), init()]);
        await init('/nowhere.wasm');
        return [early, coreKind(), check(methods.invoicing.requestBillingNew, {}).violations[0].path].join();
      })()`);
      assert.equal(told, 'usage,wasm,order', name);
      await tab.close();
    }
  });

  test('init that failed can be tried again; initSync is at once', async () => {
    const tab = await open();
    const told = await tab.evaluate(async () => {
      const { check, init, initSync, methods } = await import('nnopen');
      const failed = await init('/nowhere.wasm').then(() => 'ready', (error) => error instanceof Error);
      initSync(await (await fetch('/node/wasm/nnopen_bg.wasm')).arrayBuffer());
      initSync(new Uint8Array());
      return [failed, check(methods.query.queryInvoiceResult, { orderNos: ['1'] }).body].join();
    });
    assert.equal(told, 'true,{"orderNos":["1"]}');
    await tab.close();
  });

  test("a page needs 'wasm-unsafe-eval' in its policy, and no more", async () => {
    const strict = await serve({ '/node/': node }, policy(''), { '/': page });
    const tab = await open(strict.url);
    const told = await tab.evaluate(async () => (await import('nnopen')).init().then(() => 'ready', (error) => error.message));
    assert.match(told, /wasm-unsafe-eval|Content Security Policy/);
    await tab.close();
    strict.stop();
  });

  test('a page has all it needs, and asks nobody', async () => {
    const tab = await open();
    await tab.evaluate(async () => (await import('nnopen')).init());
    await tab.evaluate(async () => (await import('nnopen/model')).loadModel());
    const before = requests.length;
    const told = await tab.evaluate(async () => {
      const nnopen = await import('nnopen');
      const { loadModel } = await import('nnopen/model');
      const model = await loadModel();
      const issue = model.methods.find(({ name }) => name === nnopen.methods.invoicing.requestBillingNew);
      const options = { environment: 'sandbox', appKey: 'SD00000001', appSecret: 'SD00000000000001', taxNum: '339901999999142', now: 1700000000000 };
      const { params } = issue.examples[0];
      const text = JSON.stringify({ order: { ...params.order, buyerName: '示例公司', note: 'https://a/b' } });
      const shown = nnopen.preview(options, issue.name, JSON.stringify(params));
      const raw = nnopen.previewRaw(options, issue.name, text);
      const what = { ...options, path: '/open/v1/services', senid: raw.senid, nonce: raw.nonce, timestamp: raw.timestamp };
      const slips = (body) => nnopen.diagnose({ ...what, body: text }, nnopen.sign({ ...what, body }).signature).map(({ name }) => name);
      return {
        groups: Object.keys(model.groups).length,
        fields: issue.shapes[issue.params[0].type].find(({ name }) => name === 'buyerName').zh,
        codes: model.enums.invoiceLine.codes.length > 5,
        rule: model.rules.R2.code,
        cure: nnopen.explain(model.rules.R2.code)[0].fixZh !== '',
        parts: shown.parts.map(({ name }) => name).join(''),
        whole: shown.parts.map(({ name, value }) => `${name}=${value}`).join('&') === shown.canonical,
        header: shown.headers.find(([name]) => name === 'X-Nuonuo-Sign')[1] === shown.signature,
        same: nnopen.preview(options, issue.name, JSON.stringify(params)).signature === shown.signature,
        right: slips(text),
        slashes: slips(text.replaceAll('/', '\\/')),
        answer: nnopen.readAnswer(issue.name, 200, JSON.stringify(issue.examples[0].reply)).error,
        push: nnopen.readPush('application/json', JSON.stringify({ operater: 'callback', orderno: 'A-1', content: '{"c_fpqqlsh":"S1"}' })).serialNo,
      };
    });
    const expected = { fields: told.fields, groups: told.groups, codes: true, rule: 'E9130', cure: true, parts: 'alpkintf', whole: true, header: true, same: true, right: [], slashes: ['escaped_slashes'], answer: null, push: 'S1' };
    assert.deepEqual(told, expected);
    assert.ok(told.fields.includes('购方') && told.groups > 10);
    assert.deepEqual(requests.slice(before), []);
    await tab.close();
  });

  test('a body that was signed as GBK is told in a page too', async () => {
    const tab = await open();
    const told = await tab.evaluate(async () => {
      const { diagnose, init } = await import('nnopen');
      await init();
      const head = 'a=services&l=v1&p=open&k=K&i=S&n=1&t=2&f=';
      // {"a":"示例"} in GBK, signed by the platform's own crypto.
      const body = [...new TextEncoder().encode(`${head}{"a":"`), 0xca, 0xbe, 0xc0, 0xfd, ...new TextEncoder().encode('"}')];
      const key = await crypto.subtle.importKey('raw', new TextEncoder().encode('SECRET'), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
      const signature = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', key, Uint8Array.from(body)))));
      const what = { appSecret: 'SECRET', path: '/open/v1/services', appKey: 'K', senid: 'S', nonce: '1', timestamp: '2', body: '{"a":"示例"}' };
      return diagnose(what, signature).map(({ name }) => name).join();
    });
    assert.equal(told, 'gbk');
    await tab.close();
  });

  test('nothing was asked of another machine, and no error went unseen', () => {
    assert.deepEqual(requests.filter((url) => !url.startsWith('http://127.0.0.1:')), []);
    assert.deepEqual(errors, []);
  });
});
