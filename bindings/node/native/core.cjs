'use strict';
// Loads the core: the native build of this platform, or else WebAssembly.

const { randomFillSync } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { userInfo } = require('node:os');

function isMusl() {
  try {
    return readFileSync('/usr/bin/ldd', 'utf8').includes('musl');
  } catch {
    return !process.report?.getReport()?.header?.glibcVersionRuntime;
  }
}

function platform() {
  const { platform, arch } = process;
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`;
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`;
}

function load() {
  const tried = [];
  const attempt = (name, kind) => {
    try {
      return { face: require(name), kind };
    } catch (error) {
      tried.push(`${name}: ${String(error.message).split('\n')[0]}`);
      return undefined;
    }
  };
  const native = () => {
    const name = platform();
    const found = attempt(`./nnopen.${name}.node`, 'native') ?? attempt(`@nnopen/${name}`, 'native');
    return found && { ...found, face: require('./addon.cjs')(found.face) };
  };
  const found =
    (process.env.NNOPEN_FORCE_WASM === '1' ? undefined : native()) ?? attempt('../wasm/nnopen.cjs', 'wasm');
  if (!found) {
    throw new Error(`nnopen found neither a native build nor WebAssembly for ${platform()}; tried\n  ${tried.join('\n  ')}`);
  }
  return found;
}

let loaded;

exports.face = () => (loaded ??= load()).face;
exports.kind = () => (loaded ??= load()).kind;
exports.init = async () => {
  exports.face();
};
exports.initSync = () => {
  exports.face();
};

const SYSTEMS = { win32: 'windows', darwin: 'macos' };

function knownHome() {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

exports.host = () => ({
  system: SYSTEMS[process.platform] ?? 'linux',
  // Without HOME (a service, a container) it is the home that the system knows.
  variables: { ...process.env, HOME: process.env.HOME || knownHome() },
});

/** Drawn by the kilobyte, for asking the system costs more than the bytes; none is given twice. */
let drawn = new Uint8Array(0);
let given = 0;

exports.randomBytes = (count) => {
  if (given + count > drawn.length) {
    drawn = randomFillSync(new Uint8Array(Math.max(count, 2000)));
    given = 0;
  }
  // A copy: the rest is for others.
  return drawn.slice(given, (given += count));
};
