// The request: what it holds, whether its signature is right, why another one differs, and whether the code sends it.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { line, order, paste, root, withPage } from './support.mjs';

const SECRET = 'SD00000000000001';
const hmac = (text, secret = SECRET) => createHmac('sha1', secret).update(text).digest('base64');

async function shown(page) {
  const [address, headers, body] = await page.locator('[data-test=request] > .code pre').allTextContents();
  const canonical = await page.textContent('[data-test=canonical]');
  const signature = /X-Nuonuo-Sign: (\S+)/.exec(headers)[1];
  return { url: new URL(address.replace('POST ', '')), headers, body, canonical, signature };
}

withPage('address, headers, body, the text that is signed, the signature', {}, async (page) => {
  await page.click('[data-view=request]');
  const { url, headers, body, canonical, signature } = await shown(page);
  const query = Object.fromEntries(url.searchParams);
  assert.equal(url.origin + url.pathname, 'https://sandbox.nuonuocs.cn/open/v1/services');
  assert.match(headers, /^method: nuonuo.OpeMplatform.requestBillingNew$/m);
  assert.match(headers, /^userTax: 339901999999142$/m);
  const { senid, nonce, timestamp, appkey } = query;
  assert.equal(canonical, `a=services&l=v1&p=open&k=${appkey}&i=${senid}&n=${nonce}&t=${timestamp}&f=${body}`);
  assert.equal(signature, hmac(canonical));
  assert.match(nonce, /^\d{8}$/);
  assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 60);
  assert.deepEqual(JSON.parse(body).order.invoiceDetail.length, 2);
  // Each part has a colour of its own.
  const colours = await page.locator('[data-test=canonical] .part').evaluateAll((parts) => parts.map((part) => getComputedStyle(part).backgroundColor));
  assert.equal(new Set(colours).size, 8);
  await page.getByRole('button', { name: '重新生成时间与随机数' }).click();
  assert.notEqual((await shown(page)).url.searchParams.get('senid'), senid);
  await page.selectOption('#environment', 'production');
  assert.equal((await shown(page)).url.host, 'sdk.nuonuo.com');
});

withPage('what would be refused is told, and can still be looked at', { lang: 'en' }, async (page) => {
  await paste(page, order([line({ price: '1x', num: '1' })]));
  await page.click('[data-view=request]');
  assert.match(await page.textContent('[data-test=refused]'), /must be a plain decimal number, not 1x/);
  await page.getByLabel('The text as it is, unchecked').check();
  const { body, canonical, signature } = await shown(page);
  assert.match(body, /"price": "1x"/);
  assert.equal(signature, hmac(canonical));
  await page.fill('#appSecret', '');
  assert.match(await page.textContent('[data-test=refused]'), /is empty/);
});

withPage('every method of the platform can be chosen', {}, async (page) => {
  const files = readdirSync(join(root, 'api/methods'), { recursive: true }).filter((file) => file.endsWith('.toml'));
  await page.click('[data-view=request]');
  const names = await page.locator('[data-test=method] option').evaluateAll((options) => options.map((option) => option.value));
  assert.equal(new Set(names).size, files.length);
  for (const name of names) {
    await page.selectOption('[data-test=method]', name);
    const told = await page.locator('[data-test=request], [data-test=refused]').textContent();
    assert.ok(told.includes(`method: ${name}`), `${name}: ${told.slice(0, 200)}`);
  }
});

const SLIPS = [
  ['the secret has a space behind it', ({ canonical }) => hmac(canonical, `${SECRET} `), /secret|appSecret|密钥/],
  ['milliseconds', ({ canonical, url }) => hmac(canonical.replace(url.searchParams.get('timestamp'), `${url.searchParams.get('timestamp')}000`)), /time_unit/],
  ['slashes are escaped', ({ canonical }) => hmac(canonical.replaceAll('/', '\\/')), /escaped_slashes/],
  ['characters are escaped', ({ canonical }) => hmac(canonical.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)), /unicode/],
  ['a newline at the end', ({ canonical }) => hmac(`${canonical}\n`), /newline/],
  ['a mark at the beginning', ({ canonical }) => hmac(canonical.replace('&f=', '&f=\ufeff')), /byte_order_mark/],
  ['GBK', ({ canonical }) => createHmac('sha1', SECRET).update(Buffer.concat(canonical.split('货').flatMap((text, index) => [...(index ? [Buffer.from([0xbb, 0xf5])] : []), Buffer.from(text)]))).digest('base64'), /gbk/],
  ['senid and nonce are swapped', ({ canonical, url }) => hmac(canonical.replace(/&i=\w+&n=\d+/, `&i=${url.searchParams.get('nonce')}&n=${url.searchParams.get('senid')}`)), /nonce/],
  ['spaces in the body', ({ canonical, body }) => hmac(canonical.replace(body, body.replaceAll('":', '": ').replaceAll('","', '", "'))), /space|serial/],
  ['hexadecimal', ({ canonical }) => createHmac('sha1', SECRET).update(canonical).digest('hex'), /hex/],
];
withPage('why another signature differs', {}, async (page) => {
  await paste(page, order([line({ goodsName: 'P', price: '1', num: '1' })], { buyerName: 'ABCD', salerAddress: 'A', clerk: 'B', remark: 'https://example.com/a/b 货' }));
  await page.click('[data-view=request]');
  const request = await shown(page);
  const ask = async (signature) => {
    await page.getByLabel(/你的签名/).fill(signature);
    await page.getByRole('button', { name: '找原因' }).click();
    return page.locator('[data-test=slips]').textContent();
  };
  assert.match(await ask(request.signature), /签名正确/);
  for (const [name, sign, reason] of SLIPS) assert.match(await ask(sign(request)), reason, name);
  assert.match(await ask(hmac('something else')), /unknown/);
});

withPage('a request of their own is compared by its address and body', { lang: 'en' }, async (page) => {
  await page.click('[data-view=request]');
  const theirs = 'a=services&l=v1&p=open&k=SD00000001&i=0123456789abcdef0123456789abcdef&n=12345678&t=1700000000&f={"a":1}';
  await page.getByText('Is your request another one?').click();
  await page.getByLabel(/^Address, with senid/).fill('https://x/open/v1/services?senid=0123456789abcdef0123456789abcdef&nonce=12345678&timestamp=1700000000&appkey=SD00000001');
  await page.getByLabel(/^Body; the one/).fill('{"a":1}');
  await page.getByLabel(/^Your signature/).fill(hmac(theirs));
  await page.getByRole('button', { name: 'Find out why' }).click();
  assert.match(await page.locator('[data-test=slips]').textContent(), /It is right/);
});

// Every snippet is run against a server here, which looks at each byte.
const snippets = {};
withPage('the code in five languages', {}, async (page) => {
  await paste(page, order([line({ price: '1', num: '1' })], { remark: "it's \"$5\" \\ `a` 100% {b} </script>" }));
  await page.click('[data-view=request]');
  snippets.body = (await shown(page)).body;
  for (const language of ['curl', 'Python', 'Node', 'PHP', 'Java']) {
    await page.locator('.languages').getByRole('button', { name: language, exact: true }).click();
    const text = await page.locator('[data-test=snippets] pre').textContent();
    assert.ok(!text.includes(SECRET), `${language} holds the secret`);
    snippets[language] = text;
  }
});

const RUN = {
  curl: ['sh', 'send.sh'],
  Python: ['python3', 'send.py'],
  Node: ['node', 'send.mjs'],
  PHP: ['php', 'send.php'],
  Java: ['java', 'Send.java'],
};
for (const [language, [program, file]] of Object.entries(RUN)) {
  test(`the code sends what is shown: ${language}`, { timeout: 60_000 }, async (context) => {
    if (!snippets[language]) return context.skip('needs Chromium');
    const probe = language === 'curl' ? 'curl' : program;
    if (!(await ran(probe, [language === 'Java' ? '-version' : '--version']))) return context.skip(`needs ${probe}`);
    const seen = [];
    let moved = false;
    const server = createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      seen.push({ url: new URL(request.url, 'http://x'), headers: request.headers, body: Buffer.concat(parts).toString() });
      if (moved) response.writeHead(302, { location: '/elsewhere' });
      response.end('{"code":"E0000"}');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const folder = mkdtempSync(join(tmpdir(), 'nnopen-'));
    try {
      const here = `http://127.0.0.1:${server.address().port}`;
      writeFileSync(join(folder, file), snippets[language].replace('https://sandbox.nuonuocs.cn', here));
      const settings = { cwd: folder, env: { ...process.env, NNOPEN_APP_SECRET: SECRET, NNOPEN_TOKEN: 'T1' } };
      assert.match(await ran(program, [file], settings), /E0000/);
      const [{ url, headers, body }] = seen;
      const { senid, nonce, timestamp, appkey } = Object.fromEntries(url.searchParams);
      assert.equal(body, snippets.body);
      assert.equal(headers['x-nuonuo-sign'], hmac(`a=services&l=v1&p=open&k=${appkey}&i=${senid}&n=${nonce}&t=${timestamp}&f=${body}`));
      assert.equal(headers.method, 'nuonuo.OpeMplatform.requestBillingNew');
      assert.equal(headers.usertax, '339901999999142');
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers.accesstoken, language === 'curl' ? 'ACCESS-TOKEN' : 'T1');
      moved = true;
      await ran(program, [file], settings);
      assert.deepEqual(seen.map(({ url }) => url.pathname), Array(2).fill(seen[0].url.pathname), 'a redirect is not followed');
    } finally {
      server.close().closeAllConnections();
      rmSync(folder, { recursive: true });
    }
  });
}

function ran(program, args, options = {}) {
  return new Promise((resolve) => {
    execFile(program, args, options, (error, out, told) => resolve(error ? undefined : out + told + ' '));
  });
}
