// A store in a folder, for the Node processes of one machine.
//
// Each version is a file of its own, `<key>.<version>`, made by linking a finished file to a name that must be free: two
// processes can't both make the same version, and nobody ever sees half a file. The highest version counts. There is no
// lock, so none can be left behind by a process that dies.

import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Kept, TokenStore } from './store.js';

/** So many older versions stay for those who are just reading one. */
const OLDER = 2;

/**
 * 令牌存在一个目录里，只有本用户可读 · Keeps tokens in a folder, for its owner alone; the folder is made if it is not there.
 *
 * 供一台机器上的多个 Node 进程共用；不要放在网络盘上 · For the Node processes of one machine; not for network drives.
 */
export function fileStore(folder: string): TokenStore {
  return {
    async load(key) {
      for (;;) {
        const version = (await versions(folder, key)).at(-1);
        if (version === undefined) return undefined;
        const bytes = await readFile(fileOf(folder, key, version)).catch(gone);
        if (bytes) return { version, bytes } satisfies Kept;
      }
    },

    async swap(key, version, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (((await versions(folder, key)).at(-1) ?? 0) !== version) return false;
      const finished = join(folder, `.${key}.${randomBytes(8).toString('hex')}`);
      const next = fileOf(folder, key, version + 1);
      try {
        await written(finished, bytes);
        await link(finished, next);
      } catch (thrown) {
        if ((thrown as { code?: unknown }).code === 'EEXIST') return false;
        throw thrown;
      } finally {
        await unlink(finished).catch(gone);
      }
      const now = await versions(folder, key);
      // While we looked away, others made this version and more, and took it away again: ours is too late.
      if (now.some((other) => other > version + 1) && !now.includes(version)) {
        await unlink(next).catch(gone);
        return false;
      }
      await synced(folder);
      const old = now.filter((other) => other < version + 1 - OLDER);
      await Promise.all(old.map((other) => unlink(fileOf(folder, key, other)).catch(gone)));
      return true;
    },
  };
}

async function written(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The versions that are there, in order. */
async function versions(folder: string, key: string): Promise<number[]> {
  const files = (await readdir(folder).catch(gone)) ?? [];
  const told = files.filter((file) => file.startsWith(`${key}.`)).map((file) => file.slice(key.length + 1));
  return told.filter((version) => /^[1-9]\d*$/.test(version)).map(Number).sort((a, b) => a - b);
}

function fileOf(folder: string, key: string, version: number): string {
  return join(folder, `${key}.${version}`);
}

/** A new name is on disk once its folder is; Windows has no such thing. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function gone(thrown: { code?: unknown }): undefined {
  if (thrown.code !== 'ENOENT') throw thrown;
  return undefined;
}
