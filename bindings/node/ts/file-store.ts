// The token in a file, which all languages of a machine share: its form and its lock are those of the command line.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { env, platform } from 'node:process';

import { face, init } from './face.js';
import { errorOf } from './errors.js';
import type { TokenStore } from './store.js';

/**
 * 令牌存在文件里，只有本用户可读；命令行、Python、PHP 在同一目录用同一份 · Keeps the token in a file of its owner's alone. The command
 * line, Python and PHP share it if they use the same folder.
 *
 * 供一台机器上的进程共用；不要放在网络盘上 · For the processes of one machine; not for network drives. Needs the native build.
 *
 * @param folder 默认与命令行相同 · that of the command line if not said: `NNOPEN_STATE_DIR`, or the user's own state folder.
 */
export function fileStore(folder: string = stateFolder()): TokenStore {
  return {
    async load(key) {
      const { version, bytes } = await (await files()).load(folder, key);
      return version === 0 ? undefined : { version, bytes };
    },
    async swap(key, version, bytes) {
      return (await files()).swap(folder, key, version, bytes);
    },
  };
}

/** The folder in which the command line keeps its tokens. */
function stateFolder(): string {
  if (env['NNOPEN_STATE_DIR']) return env['NNOPEN_STATE_DIR'];
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? homedir(), 'nnopen');
  const state = env['XDG_STATE_HOME'];
  if (state?.startsWith('/')) return join(state, 'nnopen');
  return join(homedir(), platform === 'darwin' ? 'Library/Application Support' : '.local/state', 'nnopen');
}

async function files() {
  await init();
  const { fileLoad: load, fileSwap: swap } = face() ?? {};
  if (load && swap) return { load, swap };
  const describe = 'a file store needs the native build, which has file locks: take Redis, or a database';
  throw errorOf({ kind: 'usage', describe });
}
