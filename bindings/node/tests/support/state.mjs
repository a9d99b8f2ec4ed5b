// Loaded before each file of tests: clients keep their tokens in a folder of its own, never in the user's home.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'nnopen-state-'));
process.env.NNOPEN_STATE_DIR = folder;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
