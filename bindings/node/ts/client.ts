// The driver: the loop over the network. The core says what to do next; here it is done.

import { type Methods, methods, type Pushes } from './api/index.js';
import { guarded, translated, type NnopenError } from './errors.js';
import { face, init, type RawCall, type RawSession, type RawStep, stepOf } from './face.js';
import { paramsText } from './params.js';
import type { PushOf } from './push.js';
import { type Answer, failureOf, NotSent, OutgoingRequest, type Transport } from './request.js';
import type { TokenStore } from './store.js';
import { fetchTransport } from './transport/fetch.js';
import { randomBytes } from '#core';
import type { Json, ResultJson, Violation } from './values.js';

export interface ClientOptions {
  /** 哪个平台 · Which platform; or give both addresses. */
  environment?: 'production' | 'sandbox';
  /** 接口地址 · The whole address of the service. */
  serviceUrl?: string;
  /** 令牌地址 · The whole address of the token endpoint. */
  tokenUrl?: string;
  appKey: string;
  appSecret: string;
  /** 税号 · The tax number that calls are made for. */
  taxNum: string;
  /** 第三方应用 · Whether it is a service provider's application. */
  serviceProvider?: boolean;
  /** 永久令牌 · A token that never ends. */
  permanentToken?: string;
  /** 用什么发送，默认 fetch · What sends; `fetch` if not said. */
  transport?: Transport;
  /** 令牌存放处；不给则只在本对象内 · Where the token is kept; in this client alone if not said. */
  store?: TokenStore;
  /** 参数提醒 · Told of what someone should look at in params. */
  onWarning?: (warnings: readonly Violation[], method: string) => void;
  /** 1970 年起的毫秒 · Milliseconds since 1970. */
  now?: () => number;
  /** 密码学随机数 · Bytes from a cryptographic random source. */
  random?: (count: number) => Uint8Array;
  sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

export interface CallOptions {
  /** 中止等待；已发出的写操作可能已经办了 · Ends the waiting; a write that was sent may have been done. */
  signal?: AbortSignal;
}

export interface SettleOptions extends CallOptions {
  /** 可能已经提交过（例如进程中断）：先查询 · It may have been sent before (by a process that ended): ask first. */
  again?: boolean;
}

/** 凭什么取令牌 · How a token is asked for. */
export type Grant =
  | 'client_credentials'
  | 'refresh'
  | { readonly code: string; readonly taxNum: string; readonly redirectUri: string };

/** 取令牌的结果，不含令牌本身 · What signing in gave, without the token itself. */
export interface SignedIn {
  readonly taxNum: string | null;
  readonly userId: string | null;
  /** 1970 年起的毫秒 · Milliseconds since 1970; null if it never ends. */
  readonly expiresAt: number | null;
}

/** 授权页的返回 · What the authorize page sent back. Its code is good once, and secret. */
export interface Returned {
  readonly code: string;
  readonly taxNum: string | null;
  /** state 是否一致 · Whether the state came back; if not, take it only if you know that this browser began. */
  readonly stateMatched: boolean;
}

type PollMethod = { [M in keyof Methods]: Methods[M]['poll'] extends true ? M : never }[keyof Methods];
type SettleMethod = { [M in keyof Methods]: [Methods[M]['rows']] extends [never] ? never : M }[keyof Methods];

/** Woken now and then, so that a clock that was set is noticed. */
const LONGEST_SLEEP = 5000;

/** 一个应用（第三方应用：加一个企业） · One application and, for a service provider, one merchant. */
export class Client {
  readonly #options: ClientOptions;
  readonly #transport: Transport;
  #opened: RawSession | undefined;

  constructor(options: ClientOptions) {
    this.#options = { ...options };
    this.#transport = options.transport ?? fetchTransport();
    if (face()) this.#session();
  }

  /** 调用一次 · Calls once. A write whose answer is lost ends as `uncertain`; see {@link Client.settle}. */
  call<M extends keyof Methods>(
    method: M,
    params: Methods[M]['params'],
    options?: CallOptions,
  ): Promise<Methods[M]['result']> {
    return this.#run('call', method, params, options);
  }

  /** 反复查询直到有结果 · Asks again, with growing delays, until nothing is pending. */
  poll<M extends PollMethod>(
    method: M,
    params: Methods[M]['params'],
    options?: CallOptions,
  ): Promise<Methods[M]['result']> {
    return this.#run('poll', method, params, options);
  }

  /**
   * 把一个写操作办到底 · Follows a write to its end: sent, asked about when its answer is missing, sent again only when
   * it surely is not there, and watched until it is final.
   */
  settle<M extends SettleMethod>(
    method: M,
    params: Methods[M]['params'],
    options?: SettleOptions,
  ): Promise<Methods[M]['rows']> {
    return this.#run(options?.again ? 'settle_again' : 'settle', method, params, options);
  }

  /** 开票并等到底：`settle(requestBillingNew)` · Issues an invoice and waits for it. */
  issue(
    params: Methods[typeof methods.invoicing.requestBillingNew]['params'],
    options?: SettleOptions,
  ): Promise<Methods[typeof methods.invoicing.requestBillingNew]['rows']> {
    return this.settle(methods.invoicing.requestBillingNew, params, options);
  }

  /** 核实一个推送 · Asks the question that confirms a push; undefined if there is none. */
  async confirm<K extends keyof Pushes>(
    push: PushOf<K>,
    options?: CallOptions,
  ): Promise<Methods[Pushes[K]['confirm']]['result'] | undefined> {
    if (!push.confirm) return undefined;
    return this.call(push.confirm.method, push.confirm.params, options);
  }

  /** 自备请求体，逐字节签名发送 · A body of your own, signed and sent byte for byte; any method, known or not. */
  callRaw(method: string, body: string, options?: CallOptions): Promise<ResultJson> {
    return this.#drive(() => this.#session().startRaw(method, body), options?.signal);
  }

  /** 取令牌；调用时会自动取，通常只在第三方授权时需要 · Gets a token. Calls do so by themselves. */
  async signIn(grant: Grant = 'client_credentials', options?: CallOptions): Promise<SignedIn> {
    const { code, taxNum, redirectUri } = typeof grant === 'string' ? NO_CODE : grant;
    const name = typeof grant === 'string' ? grant : 'authorization_code';
    const started = () => this.#session().signIn(name, code, taxNum, redirectUri);
    const token = await this.#drive<SignedIn & { expiresAt: string | null }>(started, options?.signal);
    return { ...token, expiresAt: token.expiresAt === null ? null : Number(token.expiresAt) };
  }

  /** 授权页地址 · The page on which a merchant authorises this application. */
  authorizeUrl(redirectUri: string, state: string): string {
    return guarded(() => this.#session().authorizeUrl(redirectUri, state));
  }

  /** 读授权页的返回地址 · Reads the return from that page. */
  readReturn(url: string, state: string): Returned {
    return JSON.parse(guarded(() => this.#session().readReturn(url, state))) as Returned;
  }

  /** 令牌、账本的快照，含令牌 · Token and ledger as a text to be kept; it holds tokens. */
  snapshot(): string {
    return guarded(() => this.#session().snapshot());
  }

  /** 取回快照 · Takes over a snapshot. */
  restore(snapshot: string): void {
    guarded(() => this.#session().restore(snapshot));
  }

  /** 快照变化时增长 · A number that grows whenever the snapshot changes. */
  get revision(): number {
    return this.#session().revision();
  }

  /** 设置中可疑之处 · What looks wrong in the settings. */
  get warnings(): readonly { readonly zh: string; readonly en: string }[] {
    return JSON.parse(this.#session().warnings()) as { zh: string; en: string }[];
  }

  #session(): RawSession {
    if (this.#opened) return this.#opened;
    const core = face();
    if (!core) throw translated(new Error('the core is not ready: await init() first'));
    const { environment, serviceUrl, tokenUrl, appKey, appSecret, taxNum, serviceProvider, permanentToken } =
      this.#options;
    const provider = serviceProvider ?? false;
    const shared = this.#options.store !== undefined && permanentToken === undefined;
    const urls = [environment ?? '', serviceUrl, tokenUrl] as const;
    this.#opened = guarded(
      () => new core.Session(...urls, appKey, appSecret, taxNum, provider, permanentToken, shared),
    );
    return this.#opened;
  }

  #run<T>(mode: string, method: string, params: unknown, options: CallOptions | undefined): Promise<T> {
    const started = () => {
      const call = this.#session().start(mode, method, paramsText(params), true);
      const warnings = this.#options.onWarning ? (JSON.parse(call.warnings()) as Violation[]) : [];
      if (warnings.length > 0) this.#options.onWarning?.(warnings, method);
      return call;
    };
    return this.#drive(started, options?.signal);
  }

  async #drive<T>(start: () => RawCall, signal: AbortSignal | undefined): Promise<T> {
    if (!face()) await init();
    signal?.throwIfAborted();
    const call = guarded(start);
    let lost: Error | undefined;
    try {
      for (;;) {
        const step = guarded(() => stepOf(call, this.#now(), this.#random(20)), lost);
        if (step.result !== undefined) return JSON.parse(step.result) as T;
        if (step.until !== undefined) await this.#wait(step.until, signal);
        else if (step.version !== undefined) await this.#keep(call, step.version, step.body);
        else lost = await this.#send(call, step, signal);
      }
    } finally {
      call.end();
    }
  }

  /** Sends once; gives back why no answer came. */
  async #send(call: RawCall, { head, body }: RawStep, signal: AbortSignal | undefined): Promise<Error | undefined> {
    const request = new OutgoingRequest(head ?? '', body ?? new Uint8Array());
    let answer: Answer;
    try {
      answer = await this.#transport(request, signal);
    } catch (thrown) {
      const failure = failureOf(thrown);
      const notSent = failure instanceof NotSent || (thrown as { notSent?: unknown } | undefined)?.notSent === true;
      guarded(() => call.fail(notSent, failure.message, this.#now()));
      return shown(failure);
    }
    guarded(() => call.receive(answer.status, answer.body, this.#now()));
    return undefined;
  }

  /** Reads the token's store, or replaces what it holds. */
  async #keep(call: RawCall, version: number, bytes: Uint8Array | undefined): Promise<void> {
    const store = this.#options.store;
    const key = this.#session().storeKey();
    let told: () => void;
    try {
      if (!store) throw new Error('there is no store');
      if (bytes === undefined) {
        const kept = await store.load(key);
        told = () => call.loaded(kept?.version ?? 0, kept?.bytes ?? new Uint8Array(), this.#now());
      } else {
        const stored = await store.swap(key, version, bytes);
        told = () => call.swapped(stored, this.#now());
      }
    } catch (thrown) {
      const { message } = failureOf(thrown);
      told = () => call.storeFailed(message, this.#now());
    }
    guarded(told);
  }

  async #wait(until: number, signal: AbortSignal | undefined): Promise<void> {
    const left = Math.min(Math.max(until - this.#now(), 0), LONGEST_SLEEP);
    await (this.#options.sleep ?? sleep)(left, signal);
    signal?.throwIfAborted();
  }

  #now(): number {
    return Math.trunc((this.#options.now ?? Date.now)());
  }

  #random(count: number): Uint8Array {
    return (this.#options.random ?? randomBytes)(count);
  }
}

const NO_CODE = { code: '', taxNum: '', redirectUri: '' };

/** The cause of an error: a client's own message can hold what was sent, so its code alone is told. */
function shown(failure: Error & { code?: string }): Error {
  const cause = new Error(failure.code ?? 'no answer');
  cause.name = failure.name;
  return failure.code === undefined ? cause : Object.assign(cause, { code: failure.code });
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end, { once: true });
  });
}

export type { Json, NnopenError };
