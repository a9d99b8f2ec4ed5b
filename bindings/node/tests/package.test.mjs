// The tarball, as others get it: installed into small projects, and looked at by publint and arethetypeswrong.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { thisPlatform } from '../scripts/platforms.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const projects = join(here, 'tests', 'projects');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const folder = mkdtempSync(join(tmpdir(), 'nnopen-pack-'));
/** The package, and the native build of this platform. */
let tarball;
let native;
const platform = `@nnopen/${thisPlatform()}`;

const run = (program, args, cwd, env = {}) =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, NODE_OPTIONS: '', ...env }, maxBuffer: 1 << 26, shell: program === 'npm.cmd' };
    execFile(program, args, options, (error, stdout, stderr) => resolve({ code: error ? (error.code ?? 1) : 0, told: stdout + stderr }));
  });

/** A copy of a project, with the tarball installed. */
async function installed(name) {
  const project = join(folder, name);
  cpSync(join(projects, name), project, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  manifest.dependencies = { ...manifest.dependencies, nnopen: `file:${tarball}`, [platform]: `file:${native}` };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const { code, told } = await run(npm, ['install', '--no-fund', '--no-audit', '--loglevel=error'], project);
  assert.equal(code, 0, told);
  return project;
}

describe('the tarball', { timeout: 600_000 }, () => {
  before(async () => {
    // Packed already, when it is what will be published.
    const packed = process.env.NNOPEN_TARBALLS;
    const { code, told } = packed ? { code: 0, told: packed } : await run(process.execPath, ['scripts/pack.mjs', folder], here);
    assert.equal(code, 0, told);
    [tarball, native] = told.trim().split('\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of ['cjs', 'esm', 'ts-node16', 'ts-bundler', 'express']) {
    test(`is used by ${name}`, async () => {
      const project = await installed(name);
      const { code, told } = await run(npm, ['test', '--silent'], project);
      assert.equal(code, 0, told);
      if (name !== 'esm') return;
      const forced = await run(npm, ['test', '--silent'], project, { NNOPEN_FORCE_WASM: '1' });
      assert.match(told, /ok native /);
      assert.equal(forced.told.replace('wasm', 'native'), told, 'native and wasm sign alike');
      rmSync(join(project, 'node_modules', '@nnopen'), { recursive: true });
      const without = await run(npm, ['test', '--silent'], project);
      assert.equal(without.told, forced.told, 'where no native build is, WebAssembly takes its place');
    });
  }

  test('every wrong program is refused by tsc, where it is wrong', async () => {
    const project = await installed('wrong');
    const { told } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false'], project);
    const programs = readdirSync(project).filter((file) => file.endsWith('.ts'));
    assert.ok(programs.length >= 10);
    const accepted = programs.filter((program) => !told.includes(`${program}(`));
    assert.deepEqual(accepted, [], told);
    assert.ok(!told.includes('node_modules'), told);
  });

  test('publint finds nothing', async () => {
    const { code, told } = await run(process.execPath, [bin('publint', 'src/cli.js'), 'run', tarball, '--strict'], here);
    assert.equal(code, 0, told);
    assert.match(told, /All good/);
  });

  test('arethetypeswrong finds nothing', async () => {
    const args = [bin('@arethetypeswrong/cli', 'dist/index.js'), tarball, '--profile', 'node16', '--exclude-entrypoints', './nnopen.wasm', './model', '--format', 'ascii', '--no-color'];
    const { code, told } = await run(process.execPath, args, here);
    assert.equal(code, 0, told);
  });

  test('nothing but the package is in it, and no dependency', async () => {
    const { told } = await run('tar', ['tzf', tarball], here);
    const strangers = told.trim().split('\n').filter((file) => !/^package\/(dist|wasm)\/|^package\/native\/(core\.[cm]js|addon\.cjs)$|^package\/(package\.json|README(\.en)?\.md|LICENSE.*)$/.test(file));
    assert.deepEqual(strangers, []);
    assert.equal(told.match(/\.wasm$/gm)?.length, 1, 'the WebAssembly is there once');
    const manifest = JSON.parse((await run('tar', ['xzOf', tarball, 'package/package.json'], here)).told);
    assert.equal(manifest.dependencies, undefined);
    assert.equal(manifest.scripts, undefined);
    assert.deepEqual(manifest.optionalDependencies, { [platform]: manifest.version });
    const { os, cpu } = JSON.parse((await run('tar', ['xzOf', native, 'package/package.json'], here)).told);
    assert.deepEqual([os, cpu], [[process.platform], [process.arch]]);
  });
});

function bin(name, file) {
  return join(here, 'node_modules', name, file);
}
