// The folders of tests/vectors, and what plays each.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from './json.mjs';

export const vectors = fileURLToPath(new URL('../../../../tests/vectors/', import.meta.url));

/** Every vector of a folder; one without any is a fault. */
export function load(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json')).sort();
  if (files.length === 0) throw new Error(`${folder} holds no vectors`);
  return files.map((file) => [file, parse(readFileSync(join(folder, file), 'utf8'))]);
}
