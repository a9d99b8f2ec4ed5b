// Builds the package: the addon of this platform, the WebAssembly, the driver twice.
//
//   node scripts/build.mjs [--quick] [addon] [wasm] [ts]     all of them if none is named
//
// --quick: an addon that is built in seconds, for tests; it is bigger and slower, nothing else.

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { thisPlatform } from './platforms.mjs';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = join(here, '..', '..');
const run = (command, args, options = {}) => execFileSync(command, args, { cwd: root, stdio: 'inherit', ...options });
const quick = process.argv.includes('--quick');
const size = (path) => console.log(`${(statSync(path).size / 1024).toFixed(0)} KiB  ${path.slice(here.length + 1)}`);

const cargo = process.env.CARGO ?? 'cargo';
const metadata = JSON.parse(
  execFileSync(cargo, ['metadata', '--format-version', '1', '--no-deps'], { cwd: root, maxBuffer: 1 << 28 }),
);
const target = metadata.target_directory;

const parts = {
  addon() {
    const profile = quick ? 'quick' : 'addon';
    run(cargo, ['build', '--quiet', '--profile', profile, '--package', 'nnopen-node']);
    const [before, after] = { win32: ['', '.dll'], darwin: ['lib', '.dylib'] }[process.platform] ?? ['lib', '.so'];
    const addon = join(here, 'native', `nnopen.${thisPlatform()}.node`);
    // A new file, not the old one's place: a program that has it loaded must not see it change.
    rmSync(addon, { force: true });
    copyFileSync(join(target, profile, `${before}nnopen_node${after}`), addon);
    size(addon);
  },

  wasm() {
    const triple = 'wasm32-unknown-unknown';
    const library = execFileSync('rustc', ['--print', 'target-libdir', '--target', triple], { encoding: 'utf8' }).trim();
    if (!existsSync(library)) run('rustup', ['target', 'add', triple]);
    run(cargo, ['build', '--quiet', '--profile', 'wasm', '--package', 'nnopen-web', '--target', triple]);
    const wasm = join(target, triple, 'wasm', 'nnopen_web.wasm');
    const out = join(target, 'nnopen-wasm');
    for (const kind of ['nodejs', 'web']) {
      // --debug: arguments are looked at. A number in place of a text would be taken for an address in its memory.
      run(bindgen(), ['--target', kind, '--debug', '--no-typescript', '--remove-name-section', '--remove-producers-section', '--out-dir', join(out, kind), '--out-name', 'nnopen', wasm]);
    }
    mkdirSync(join(here, 'wasm'), { recursive: true });
    copyFileSync(join(out, 'web', 'nnopen.js'), join(here, 'wasm', 'nnopen.js'));
    copyFileSync(join(out, 'nodejs', 'nnopen.js'), join(here, 'wasm', 'nnopen.cjs'));
    const small = join(here, 'wasm', 'nnopen_bg.wasm');
    const optimiser = join(here, 'node_modules', 'binaryen', 'bin', 'wasm-opt');
    const options = ['--strip-debug', '--strip-producers', '-Oz', '--converge'];
    run(process.execPath, [optimiser, ...options, join(out, 'web', 'nnopen_bg.wasm'), '-o', small]);
    size(small);
    console.log(`${(brotliCompressSync(readFileSync(small)).length / 1024).toFixed(0)} KiB  the same, brotli`);
  },

  ts() {
    const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc');
    rmSync(join(here, 'dist'), { recursive: true, force: true });
    run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: here });
    run(process.execPath, [tsc, '-p', 'tsconfig.cjs.json'], { cwd: here });
    // The model is code, so that every bundler and runtime takes it.
    const model = JSON.stringify(JSON.parse(readFileSync(join(root, 'bindings', 'web', 'model.json'), 'utf8')));
    writeFileSync(join(here, 'dist', 'esm', 'model-data.js'), `export default JSON.parse(${JSON.stringify(model)});\n`);
    // CJS needs names that say so.
    const cjs = join(here, 'dist', 'cjs');
    for (const file of readdirSync(cjs, { recursive: true }).filter((file) => file.endsWith('.js') || file.endsWith('.d.ts'))) {
      const text = readFileSync(join(cjs, file), 'utf8').replace(/((?:require\(|from |import\()["']\.{1,2}\/[^"']+)\.js(["'])/g, '$1.cjs$2');
      writeFileSync(join(cjs, file.replace(/(\.d)?\.[jt]s$/, (end) => (end === '.js' ? '.cjs' : '.d.cts'))), text);
      rmSync(join(cjs, file));
    }
    for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(root, licence), join(here, licence));
  },
};

/** wasm-bindgen's own program, of the same version as its crate; built once if it is not there. */
function bindgen() {
  const version = metadata.packages
    .find((crate) => crate.name === 'nnopen-web')
    .dependencies.find((dependency) => dependency.name === 'wasm-bindgen')
    .req.replace('=', '');
  const tools = join(target, 'tools');
  const ours = join(tools, 'bin', process.platform === 'win32' ? 'wasm-bindgen.exe' : 'wasm-bindgen');
  for (const candidate of [ours, 'wasm-bindgen']) {
    try {
      const told = execFileSync(candidate, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      if (told.trim().endsWith(version)) return candidate;
    } catch {
      // Not there.
    }
  }
  run(cargo, ['install', '--quiet', '--debug', 'wasm-bindgen-cli', '--version', version, '--root', tools]);
  return ours;
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const part of wanted.length > 0 ? wanted : Object.keys(parts)) parts[part]();
