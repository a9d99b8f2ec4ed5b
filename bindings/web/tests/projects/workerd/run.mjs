// Bundled as the platform's own tool does it: the WebAssembly stays a module beside the script.
import { spawn } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

import { build } from 'esbuild';

await build({
  entryPoints: ['worker.js'],
  outfile: 'dist/worker.js',
  bundle: true,
  format: 'esm',
  conditions: ['workerd'],
  plugins: [{ name: 'wasm', setup: ({ onResolve }) => onResolve({ filter: /\.wasm$/ }, () => ({ path: './nnopen.wasm', external: true })) }],
});
copyFileSync('node_modules/nnopen/wasm/nnopen_bg.wasm', 'dist/nnopen.wasm');
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
writeFileSync(
  'dist/worker.capnp',
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "nnopen.wasm", wasm = embed "nnopen.wasm")],
    compatibilityDate = "2026-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);
`,
);
const worker = spawn('node_modules/@cloudflare/workerd-linux-64/bin/workerd', ['serve', 'dist/worker.capnp'], { stdio: ['ignore', 'inherit', 'inherit'] });
try {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer) {
      console.log(await answer.text());
      break;
    }
    if (tries === 100 || worker.exitCode !== null) throw new Error('the worker does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
} finally {
  worker.kill();
}
