import { readdirSync, readFileSync } from 'node:fs';

const files = readdirSync('dist/assets');
if (files.filter((file) => file.endsWith('.wasm')).length !== 1) throw new Error(`one .wasm must be there: ${files}`);
const script = readFileSync(`dist/assets/${files.find((file) => file.endsWith('.js'))}`, 'utf8');
if (script.includes('node:fs') || script.includes('.node"')) throw new Error('the bundle is for Node');
console.log('ok');
