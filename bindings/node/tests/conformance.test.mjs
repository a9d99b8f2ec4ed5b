// Every vector, over both builds of the core.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';

import { folders } from './support/folders.mjs';
import { playCall, showBy } from './support/play.mjs';
import { load, vectors } from './support/vectors.mjs';

showBy(inspect);

const require = createRequire(import.meta.url);
const native = require('../native/core.cjs');
assert.equal(native.kind(), 'native', 'the native build must be there: npm run build');
const builds = { native: native.face(), wasm: require('../wasm/nnopen.cjs') };
for (const [build, face] of Object.entries(builds)) {
  for (const [folder, play] of Object.entries(folders)) {
    describe(`${build}: ${folder}`, () => {
      for (const [file, vector] of load(join(vectors, folder))) test(file, () => play(face, vector));
    });
  }
  describe(`${build}: broken must fail`, () => {
    for (const [file, vector] of load(join(vectors, 'broken'))) {
      test(file, () => assert.throws(() => playCall(face, vector)));
    }
  });
}

test('every folder of vectors is played', () => {
  const there = readdirSync(vectors, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(there.map((entry) => entry.name).sort(), [...Object.keys(folders), 'broken'].sort());
});

test('an empty folder is a failure', () => {
  const empty = mkdtempSync(join(tmpdir(), 'nnopen-'));
  assert.throws(() => load(empty), /holds no vectors/);
  rmdirSync(empty);
});

test('a missing folder is a failure', () => {
  assert.throws(() => load(join(vectors, 'no-such-folder')), /ENOENT/);
});
