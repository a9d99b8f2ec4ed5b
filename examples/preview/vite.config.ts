// One file that holds everything: it opens from a disk as well as from a server, and has nothing left to fetch.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

/** The package looks for its wasm beside itself, unless it is handed the bytes, as it is here: no second copy. */
const wasmOnce: Plugin = {
  name: 'wasm-once',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/wasm/nnopen.js')) return undefined;
    return code.replace("new URL('nnopen_bg.wasm', import.meta.url)", 'undefined');
  },
};

/** The page's policy: its own script by its hash, WebAssembly, and nothing from or to anywhere. */
const policy: Plugin = {
  name: 'policy',
  writeBundle({ dir }) {
    const file = join(dir!, 'index.html');
    const html = readFileSync(file, 'utf8');
    const script = /<script[^>]*>([\s\S]+?)<\/script>/.exec(html)?.[1];
    if (!script) throw new Error('the script is not in the page');
    const hash = createHash('sha256').update(script).digest('base64');
    writeFileSync(file, html.replace('SCRIPT-HASH', () => `sha256-${hash}`));
  },
};

export default defineConfig({
  base: './',
  assetsInclude: ['**/*.wasm'],
  plugins: [wasmOnce, viteSingleFile({ removeViteModuleLoader: true }), policy],
  build: { target: 'es2022', reportCompressedSize: false, modulePreload: false },
});
