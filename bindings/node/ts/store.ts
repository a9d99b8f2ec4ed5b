// Where a token is kept so that others use it too: 50 token calls in 30 days are all that the platform takes.

/**
 * 令牌的存放处：读出、按版本替换 · Where a token is kept: read it, and replace it if nobody else did meanwhile.
 *
 * 内容含令牌，应只有本应用可读 · What is kept holds tokens: let nobody else read it.
 */
export interface TokenStore {
  /** 现有版本和内容；没有则为 undefined · The version and the bytes; undefined if nothing was kept yet. */
  load(key: string): Promise<Kept | undefined>;
  /**
   * 仅当现有版本仍是 `version`（0 表示没有）时换成 `bytes`，版本加一 · Replaces what is kept if it still has this version
   * (0: nothing is kept); the new version is one more. Tells whether it did.
   */
  swap(key: string, version: number, bytes: Uint8Array): Promise<boolean>;
}

/** 存放的内容 · What is kept. */
export interface Kept {
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** 只在本进程内共用 · Shared inside this process only: hand one to several clients. */
export function memoryStore(): TokenStore {
  const kept = new Map<string, Kept>();
  return {
    async load(key) {
      return kept.get(key);
    },
    async swap(key, version, bytes) {
      if ((kept.get(key)?.version ?? 0) !== version) return false;
      kept.set(key, { version: version + 1, bytes: bytes.slice() });
      return true;
    },
  };
}
