// The core as WebAssembly, for browsers and edge platforms: it must be fetched before it can be used.

import initialize, * as core from './nnopen.js';

let ready;
let loaded;

export function face() {
  return loaded;
}

export function kind() {
  return 'wasm';
}

export function init(source) {
  if (loaded) return Promise.resolve();
  ready ??= initialize(source === undefined ? undefined : { module_or_path: source }).then(
    () => {
      loaded = core;
    },
    (error) => {
      ready = undefined;
      throw error;
    },
  );
  return ready;
}

export function initSync(source) {
  if (loaded) return;
  core.initSync({ module: source });
  loaded = core;
}

export function host() {
  return undefined;
}

export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}
