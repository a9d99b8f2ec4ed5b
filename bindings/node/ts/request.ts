// What a transport sends, and what it brings back.

/** 一个要发出的请求，总是 POST · A request to be sent: always a POST. Shown or serialised, its secrets are hidden. */
export class OutgoingRequest {
  readonly method = 'POST';
  /** 地址 · Where to. */
  readonly url: string;
  /** A line each, taken apart when somebody looks. */
  readonly #lines: string;
  readonly #body: Uint8Array;
  #headers: readonly (readonly [string, string])[] | undefined;

  constructor(head: string, body: Uint8Array) {
    const end = head.indexOf('\n');
    this.url = head.slice(0, end);
    this.#lines = head.slice(end + 1);
    this.#body = body;
  }

  /** 名称按平台文档的大小写和顺序 · Names in the platform's own spelling, in order. Keep the case if you can. */
  get headers(): readonly (readonly [string, string])[] {
    this.#headers ??= this.#lines.split('\n').map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 2)] as const;
    });
    return this.#headers;
  }

  /** 原样发送，一个字节也不改 · Send it as it is, byte for byte. */
  get body(): Uint8Array {
    return this.#body;
  }

  /** What it asks for: the method's name, or `accessToken`. */
  get purpose(): string {
    return this.headers.find(([name]) => name === 'method')?.[1] ?? 'accessToken';
  }

  toJSON(): Record<string, unknown> {
    const shown = new Set(['Content-Type', 'method']);
    const headers = this.headers.map(([name, value]) => [name, shown.has(name) ? value : '***']);
    return { method: this.method, url: this.url, headers: Object.fromEntries(headers), bytes: this.#body.length };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): unknown {
    return this.toJSON();
  }
}

/** 应答：状态码与原始字节 · An answer: its status, and the bytes of its body. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * 发送一次，不跟随跳转，不重试 · Sends once: no redirects followed, nothing tried again.
 *
 * 没有应答就抛出；确定没有发出的，抛出 {@link NotSent} · Throws if no answer came; {@link NotSent} if it surely did not
 * leave (connection refused, TLS handshake failed).
 */
export type Transport = (request: OutgoingRequest, signal?: AbortSignal) => Promise<Answer>;

/** 请求确定没有发出 · The request surely did not leave. */
export class NotSent extends Error {
  readonly notSent = true;
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.name = 'NotSent';
    this.code = code;
  }
}

/** Answers bigger than this are not read: the platform's own are far smaller. */
export const BIGGEST_ANSWER = 64 * 1024 * 1024;

/** How long an answer may take, unless the caller says otherwise. */
export const PATIENCE = 30_000;

/** Ends `work` when the caller's signal does, or when it takes too long as a whole: a drop now and then is no answer. */
export async function within<T>(
  timeout: number | undefined,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const patience = AbortSignal.timeout(timeout ?? PATIENCE);
  const ends = new AbortController();
  const end = (event: Event) => ends.abort((event.target as AbortSignal).reason);
  for (const source of [patience, signal]) {
    if (source?.aborted) ends.abort(source.reason);
    source?.addEventListener('abort', end, { once: true });
  }
  try {
    return await work(ends.signal);
  } catch (thrown) {
    // An HTTP client's own error holds the whole request, secrets too.
    throw failureOf(thrown);
  } finally {
    for (const source of [patience, signal]) source?.removeEventListener('abort', end);
  }
}

/** Codes of failures that come before anything was sent. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Makes what an HTTP client threw fit to be told: without its request, which holds secrets. */
export function failureOf(thrown: unknown): Error {
  const innermost = deepest(thrown);
  const code = typeof innermost.code === 'string' ? innermost.code : undefined;
  const message = innermost.message || code || 'no answer';
  // A host that became unreachable after the request had left is told with the same codes.
  const after = innermost.syscall === 'read' || innermost.syscall === 'write';
  if (code !== undefined && BEFORE_SENDING.has(code) && !after) return new NotSent(message, code);
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

function deepest(thrown: unknown): { message?: string; code?: unknown; syscall?: unknown } {
  let at = thrown as { message?: string; code?: unknown; syscall?: unknown; cause?: unknown };
  for (let depth = 0; depth < 5 && at instanceof Error && at.cause instanceof Error; depth++) at = at.cause;
  return at ?? {};
}
