import { readdirSync, readFileSync } from 'node:fs';

const files = readdirSync('dist/assets');
if (files.filter((file) => file.endsWith('.wasm')).length !== 1) throw new Error(`one .wasm must be there: ${files}`);
const scripts = files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(`dist/assets/${file}`, 'utf8'));
if (scripts.some((script) => script.includes('node:fs') || script.includes('.node"'))) throw new Error('the bundle is for Node');
if (scripts.length < 2) throw new Error('the model must be a chunk of its own');
console.log('ok');
