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

/** Drawn by the kilobyte, for asking the system costs more than the bytes; none is given twice. */
let drawn = new Uint8Array(0);
let given = 0;

export function randomBytes(count) {
  if (given + count > drawn.length) {
    drawn = crypto.getRandomValues(new Uint8Array(Math.max(count, 2000)));
    given = 0;
  }
  // A copy: the rest is for others.
  return drawn.slice(given, (given += count));
}
