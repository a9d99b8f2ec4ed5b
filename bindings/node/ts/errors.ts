// 错误 · Errors, by what the caller does next.

import type { Retry, ResultJson, Violation } from './values.js';

/**
 * - `input` 改参数 · fix the params
 * - `usage` 改调用方式 · fix the calling code
 * - `auth` 重新取令牌或授权 · sign in again
 * - `platform` 看返回码 · read the code
 * - `reply` 应答无法识别，请报告 · report a bug
 * - `transport` 什么都没做，可以再试 · nothing was done, may be tried again
 * - `uncertain` 可能已经办了：先查询 · it may have been done: ask first
 */
export type ErrorKind = 'input' | 'usage' | 'auth' | 'platform' | 'reply' | 'transport' | 'uncertain';

/** 核心给出的全部内容 · All that the core tells of a failure. */
export interface Failure {
  readonly kind: ErrorKind;
  readonly code?: string | null;
  readonly describe: string;
  readonly hintZh?: string;
  readonly hintEn?: string;
  readonly violations?: readonly Violation[];
  readonly retryAt?: number | null;
  readonly retry?: Retry;
  readonly orderFree?: boolean;
  readonly result?: ResultJson;
}

/** Marks our errors for every copy of this package: ESM, CJS, another realm. */
const BRAND = Symbol.for('nnopen.error');

/**
 * 所有错误的基类；`kind` 与 `instanceof` 都可用来区分 · The base of all errors; tell them apart by `kind` or `instanceof`.
 *
 * 其中没有密钥和令牌 · It holds no secret and no token.
 */
export class NnopenError extends Error {
  /** The kind of a subclass. */
  static readonly kind: ErrorKind | undefined = undefined;

  /** 接下来该做什么 · What the caller does next. */
  readonly kind: ErrorKind;
  /** 平台返回码，或失败发票的状态 · The platform's code, or a failed invoice's status. */
  readonly code: string | undefined;
  /** 发生了什么 · What happened. */
  readonly describe: string;
  /** 怎么办 · What to do, in Chinese. */
  readonly hintZh: string;
  /** What to do, in English. */
  readonly hintEn: string;
  /** 参数中的全部问题 · All that is wrong with the params. */
  readonly violations: readonly Violation[];
  /** 何时再试（1970 年起的毫秒） · When trying again can help: milliseconds since 1970. */
  readonly retryAt: number | undefined;
  /** 再试有没有用 · Whether trying again can help. */
  readonly retry: Retry;
  /** 订单号是否可以再用 · Whether the order number may be used again for a corrected order. */
  readonly orderFree: boolean;
  readonly #result: ResultJson | undefined;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(failure.code ? `${failure.code} ${failure.describe}` : failure.describe, options);
    this.kind = failure.kind;
    this.code = failure.code ?? undefined;
    this.describe = failure.describe;
    this.hintZh = failure.hintZh ?? '';
    this.hintEn = failure.hintEn ?? '';
    this.violations = failure.violations ?? [];
    this.retryAt = failure.retryAt ?? undefined;
    this.retry = failure.retry ?? 'no';
    this.orderFree = failure.orderFree ?? false;
    this.#result = failure.result;
  }

  /** 平台随错误返回的内容 · What the platform sent along. It may be personal, so it stands in no log by itself. */
  get result(): ResultJson | undefined {
    return this.#result;
  }

  /** 可写入日志：不含密钥、令牌和随附内容 · Fit for a log: no secret, no token, nothing that was sent along. */
  toJSON(): Record<string, unknown> {
    const { name, message, kind, code, describe, hintZh, hintEn, violations, retryAt, retry, orderFree } = this;
    return { name, message, kind, code, describe, hintZh, hintEn, violations, retryAt, retry, orderFree };
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    const { kind, constructor } = value as { kind?: unknown; constructor?: unknown } & { [BRAND]?: boolean };
    if (!(value as { [BRAND]?: boolean })[BRAND] || typeof constructor !== 'function') return false;
    const ours = this === NnopenError || KINDS.get(this.kind as ErrorKind) === this;
    return ours && (this.kind === undefined || this.kind === kind);
  }
}
Object.defineProperty(NnopenError.prototype, BRAND, { value: true });
Object.defineProperty(NnopenError.prototype, 'name', { value: 'NnopenError', configurable: true, writable: true });

/** 参数有误：看 `violations` · The params are wrong: see `violations`. */
export class InputError extends NnopenError {
  static override readonly kind = 'input';
}
/** 调用方式有误 · The calling code is wrong. */
export class UsageError extends NnopenError {
  static override readonly kind = 'usage';
}
/** 令牌或授权有问题 · The token or the authorisation is not good. */
export class AuthError extends NnopenError {
  static override readonly kind = 'auth';
}
/** 平台拒绝：看 `code` · The platform refused: see `code`. */
export class PlatformError extends NnopenError {
  static override readonly kind = 'platform';
}
/** 应答无法识别 · The answer can't be read. */
export class ReplyError extends NnopenError {
  static override readonly kind = 'reply';
}
/** 没有办成，什么也没发生 · Nothing was done. */
export class TransportError extends NnopenError {
  static override readonly kind = 'transport';
}
/** 可能已经办了：先查询，不要直接重发 · It may have been done: ask first, do not simply send again. */
export class UncertainError extends NnopenError {
  static override readonly kind = 'uncertain';
}

const KINDS = new Map<ErrorKind, typeof NnopenError>();
for (const type of [InputError, UsageError, AuthError, PlatformError, ReplyError, TransportError, UncertainError]) {
  KINDS.set(type.kind, type);
  Object.defineProperty(type.prototype, 'name', { value: type.name, configurable: true, writable: true });
}

/** Makes the error of a failure's kind. */
export function errorOf(failure: Failure, cause?: unknown): NnopenError {
  const type = KINDS.get(failure.kind) ?? NnopenError;
  return new type(failure, cause === undefined ? undefined : { cause });
}

/** Makes what the core threw one of our errors: its message is the failure as JSON text. */
export function translated(thrown: unknown, cause?: unknown): NnopenError {
  if (thrown instanceof NnopenError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (message.startsWith('{"kind":')) return errorOf(JSON.parse(message) as Failure, cause);
  // The host's own word of an argument of the wrong type holds its value: a secret, perhaps.
  const [, type] = /^Failed to convert .*?`(\w+)/s.exec(message) ?? [];
  if (type !== undefined) return errorOf({ kind: 'usage', describe: `an argument is of the wrong type: ${type}` }, cause);
  return errorOf({ kind: 'usage', describe: message }, cause ?? thrown);
}

/** Runs `work`, translating what it throws. */
export function guarded<T>(work: () => T, cause?: unknown): T {
  try {
    return work();
  } catch (thrown) {
    throw translated(thrown, cause);
  }
}
