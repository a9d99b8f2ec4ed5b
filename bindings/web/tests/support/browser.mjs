// Chromium, and the server of what it shows. Nothing of it reaches another machine.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

import { chromium } from 'playwright-core';

const names = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a Chromium is: named by NNOPEN_CHROMIUM, or where systems keep it. */
export const executable = [process.env.NNOPEN_CHROMIUM, ...names].find((path) => path && existsSync(path));

export function launch() {
  const quiet = ['no-first-run', 'disable-background-networking', 'disable-component-update', 'disable-sync', 'disable-quic', 'disable-gpu'];
  return chromium.launch({ executablePath: executable, args: ['--no-sandbox', ...quiet.map((flag) => `--${flag}`)] });
}

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Serves folders by their prefixes, with a policy for the pages. */
export async function serve(folders, policy, pages = {}) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    response.setHeader('Content-Security-Policy', policy);
    if (path in pages) return response.setHeader('Content-Type', types['.html']).end(pages[path]);
    const [prefix, folder] = Object.entries(folders).find(([prefix]) => path.startsWith(prefix)) ?? [];
    const file = folder && join(folder, path.slice(prefix.length) || 'index.html');
    if (!file || !existsSync(file)) return response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(file)] ?? 'text/plain').end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close().closeAllConnections() };
}
