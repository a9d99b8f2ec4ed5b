import { readdirSync } from 'node:fs';

const files = readdirSync('dist');
if (files.filter((file) => file.endsWith('.wasm')).length !== 1) throw new Error(`one .wasm must be there: ${files}`);
console.log('ok');
