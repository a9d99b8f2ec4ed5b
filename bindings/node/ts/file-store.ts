// The token in a file, which all languages of a machine share: its form and its lock are those of the command line.

import { host } from '#core';

import { errorOf } from './errors.js';
import { type Face, face, init } from './face.js';
import type { TokenStore } from './store.js';

/**
 * 令牌存在文件里，只有本用户可读；命令行与各语言在同一目录用同一份 · Keeps the token in a file of its owner's alone. The command line
 * and all languages share it if they use the same folder.
 *
 * 供一台机器上的进程共用；不要放在网络盘上 · For the processes of one machine; not for network drives. Needs the native build.
 *
 * @param folder 默认与命令行及各语言相同 · that of the command line and of every language if not said.
 */
export function fileStore(folder: string = usualFolder()): TokenStore {
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

/** What a client keeps its token in unless told: a file, where there are files; else nothing but itself. */
export function usualStore(core: Face): TokenStore | undefined {
  return core.fileLoad ? fileStore() : undefined;
}

/**
 * 默认的目录 · The folder by what a system is called (`linux`, `macos`, `windows`) and its variables; undefined if there is
 * none. All languages keep to one rule; it stands in the guide to the token's store.
 */
export function defaultFolder(
  system: string,
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { NNOPEN_STATE_DIR: named, XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = variables;
  if (named) return named;
  if (system === 'windows') return local ? `${local}\\nnopen` : undefined;
  if (state?.startsWith('/')) return `${state}/nnopen`;
  const usual = system === 'macos' ? 'Library/Application Support' : '.local/state';
  return home?.startsWith('/') ? `${home}/${usual}/nnopen` : undefined;
}

function usualFolder(): string {
  const { system, variables } = host() ?? NOWHERE;
  const folder = defaultFolder(system, variables);
  if (folder !== undefined) return folder;
  throw errorOf({
    kind: 'input',
    describe: 'there is no home directory to keep the token in',
    hintZh: '用环境变量 NNOPEN_STATE_DIR 指定目录，或给出 store',
    hintEn: 'Name a folder by the environment variable NNOPEN_STATE_DIR, or give a store',
  });
}

const NOWHERE = { system: '', variables: {} };

async function files() {
  await init();
  const { fileLoad: load, fileSwap: swap } = face() ?? {};
  if (load && swap) return { load, swap };
  const describe = 'a file store needs the native build, which has file locks: take Redis, or a database';
  throw errorOf({ kind: 'usage', describe });
}
