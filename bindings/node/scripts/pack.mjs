// Packs what was built: the package, and one for each native build in native/.
//
//   node scripts/pack.mjs FOLDER
//
// Prints the tarballs, the package first. It names as optional dependencies the platforms that are packed with it: gather
// the native builds of all platforms before a release.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { platforms } from './platforms.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const out = resolve(process.argv[2] ?? 'dist');
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const { version, license, author, engines, repository } = manifest;
const staging = mkdtempSync(join(tmpdir(), 'nnopen-pack-'));
const licences = readdirSync(here).filter((file) => file.startsWith('LICENSE-'));
const natives = readdirSync(join(here, 'native')).filter((file) => file.endsWith('.node'));
const names = natives.map((file) => file.slice('nnopen.'.length, -'.node'.length));

mkdirSync(out, { recursive: true });
try {
  const whole = stage('nnopen', ['dist', 'wasm', 'README.md', 'README.en.md', ...licences]);
  for (const file of ['core.cjs', 'core.mjs', 'addon.cjs']) cpSync(join(here, 'native', file), join(whole, 'native', file));
  const { devDependencies: _, scripts: __, ...shipped } = manifest;
  const optionalDependencies = Object.fromEntries(names.map((name) => [`@nnopen/${name}`, version]));
  write(whole, { ...shipped, optionalDependencies });
  pack(whole);
  for (const name of names) {
    const { os, cpu, libc } = platforms[name] ?? fail(`${name} is not among the platforms`);
    const main = `nnopen.${name}.node`;
    const folder = stage(name, licences);
    cpSync(join(here, 'native', main), join(folder, main));
    writeFileSync(join(folder, 'README.md'), `The native build of [nnopen](https://www.npmjs.com/package/nnopen) for ${name}.\n`);
    const fits = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
    write(folder, { name: `@nnopen/${name}`, version, description: `nnopen for ${name}`, license, author, repository, engines, ...fits, main, files: [main] });
    pack(folder);
  }
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function stage(name, files) {
  const folder = join(staging, name);
  for (const file of files) cpSync(join(here, file), join(folder, file), { recursive: true });
  return folder;
}

function write(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

function pack(folder) {
  const windows = process.platform === 'win32';
  const args = ['pack', '--silent', '--pack-destination', out];
  const told = execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, shell: windows, encoding: 'utf8' });
  console.log(join(out, told.trim().split('\n').at(-1)));
}

function fail(why) {
  throw new Error(why);
}
