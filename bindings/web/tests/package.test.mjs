// The tarball without a native build: the same program in every runtime and bundler; its types; its size.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { executable, launch, serve } from './support/browser.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const node = join(here, '..', 'node');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const folder = mkdtempSync(join(tmpdir(), 'nnopen-web-'));
const linux = process.platform === 'linux' && process.arch === 'x64';
let tarball;

const run = (program, args, cwd) =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 1 << 26, shell: program === 'npm.cmd' };
    execFile(program, args, options, (error, stdout, stderr) => resolve({ code: error ? (error.code ?? 1) : 0, told: stdout + stderr }));
  });

async function used(name) {
  const project = join(folder, name);
  cpSync(join(here, 'tests', 'projects', name), project, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  manifest.dependencies.nnopen = `file:${tarball}`;
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const { code, told } = await run(npm, ['install', '--no-fund', '--no-audit', '--loglevel=error'], project);
  assert.equal(code, 0, told);
  const tested = await run(npm, ['test', '--silent'], project);
  assert.equal(tested.code, 0, tested.told);
  return { project, told: tested.told };
}

describe('the tarball', { timeout: 600_000 }, () => {
  before(async () => {
    // Without optional dependencies, so that npm looks for none.
    const staged = join(folder, 'package');
    for (const file of ['dist', 'wasm', 'native/addon.cjs', 'native/core.cjs', 'native/core.mjs', 'README.md']) cpSync(join(node, file), join(staged, file), { recursive: true });
    const { devDependencies: _, scripts: __, ...manifest } = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8'));
    writeFileSync(join(staged, 'package.json'), JSON.stringify(manifest));
    const { code, told } = await run(npm, ['pack', '--silent', '--pack-destination', folder], staged);
    assert.equal(code, 0, told);
    tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of ['vite', 'webpack']) {
    test(`is bundled by ${name}`, async () => {
      const { project, told } = await used(name);
      assert.match(told, /ok/);
      if (!executable) return;
      const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
      const server = await serve({ '/': join(project, 'dist') }, policy);
      const browser = await launch();
      try {
        const page = await browser.newPage();
        await page.goto(`${server.url}/`);
        await page.locator('#told:not(:empty)').waitFor({ timeout: 20_000 });
        assert.match(await page.textContent('#told'), /^order \d+$/);
      } finally {
        await browser.close();
        server.stop();
      }
    });
  }

  // HMAC-SHA1 of the same request by another program, see the vectors: runtimes must agree with it and each other.
  const same = /^ok wasm (\S{27}=) order 2$/m;
  for (const name of ['bun', 'deno', 'workerd']) {
    test(`is used by ${name}`, { skip: linux ? false : `${name} is taken from npm for Linux on x64` }, async () => {
      const { told } = await used(name);
      assert.match(told, same);
      assert.equal(told.match(same)[1], await signature(), 'it signs as Node does');
    });
  }

  /** The signature of the same request by Node's own crypto. */
  async function signature() {
    const { createHmac } = await import('node:crypto');
    const zeros = '0'.repeat(32);
    const text = `a=services&l=v1&p=open&k=SD00000001&i=${zeros}&n=10000000&t=1700000000&f={"orderNos":["A-1"]}`;
    return createHmac('sha1', 'SD00000000000001').update(text).digest('base64');
  }

  test('Node takes the same build, from an address, bytes or a module', async () => {
    const build = (query) => import(`${pathToFileURL(join(node, 'wasm', 'core.mjs'))}?${query}`);
    const bytes = readFileSync(join(node, 'wasm', 'nnopen_bg.wasm'));
    for (const source of [bytes, new WebAssembly.Module(bytes), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)]) {
      const core = await build(Math.random());
      await core.init(source);
      await core.init();
      assert.ok(core.face().methods().length >= 60);
    }
  });

  test('its types shadow none of the DOM', async () => {
    const modules = join(here, 'node_modules');
    const dom = readdirSync(modules, { recursive: true }).find((file) => file.endsWith('lib.dom.d.ts'));
    const text = readFileSync(join(modules, dom), 'utf8');
    const known = new Set([...text.matchAll(/^(?:interface|type|declare var|declare class|declare function) (\w+)/gm)].map(([, name]) => name));
    assert.ok(known.has('Response') && known.size > 1000);
    const told = readdirSync(join(node, 'dist', 'esm'), { recursive: true }).filter((file) => file.endsWith('index.d.ts') || file.endsWith('model.d.ts'));
    const exported = told.flatMap((file) => {
      const types = readFileSync(join(node, 'dist', 'esm', file), 'utf8');
      const listed = [...types.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) => names.split(','));
      const declared = [...types.matchAll(/export (?:declare )?(?:interface|type|const|function|class) (?:\* as )?(\w+)/g)].map(([, name]) => name);
      return [...listed.map((name) => name.trim().split(/\s+/).at(-1)), ...declared];
    });
    assert.ok(exported.includes('OutgoingRequest') && exported.includes('ModelField'));
    assert.deepEqual(exported.filter((name) => known.has(name)), []);
  });

  test('its WebAssembly is there once, and small', async () => {
    const { told } = await run('tar', ['tzf', tarball], folder);
    assert.equal(told.match(/\.wasm$/gm)?.length, 1);
    const wasm = join(node, 'wasm', 'nnopen_bg.wasm');
    const small = brotliCompressSync(readFileSync(wasm)).length;
    console.log(`nnopen_bg.wasm: ${statSync(wasm).size} bytes, ${small} with brotli`);
    assert.ok(small <= 250 * 1024, `${small} bytes`);
  });
});
