// Runs program.php on PHP 7.2, with Api.php, what it needs, and the vectors of signing.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { getPHPLoaderModule } from '@php-wasm/node-7-2';
import { loadPHPRuntime, PHP } from '@php-wasm/universal';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule()));
for (const [from, to] of [['../../php/Legacy', '/package/php/Legacy'], ['../../../../tests/vectors/sign', '/sign']]) {
  php.mkdir(to);
  for (const name of readdirSync(at(from))) php.writeFile(`${to}/${name}`, readFileSync(`${at(from)}/${name}`));
}
php.writeFile('/package/Api.php', readFileSync(at('../../Api.php')));
const { text, errors } = await php.run({ code: readFileSync(at('program.php'), 'utf8') });
console.log(text, errors);
process.exit(/^\d+ passed, 0 failed$/m.test(text) ? 0 : 1);
