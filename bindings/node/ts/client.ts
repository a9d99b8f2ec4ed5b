// A client of one application and, for service providers, one merchant.

import { type Methods, methods, type Pushes } from './api/index.js';
import { Batch, type BatchRules } from './batch.js';
import { Driver, type Opened } from './driver.js';
import { errorOf, guarded } from './errors.js';
import { usualStore } from './file-store.js';
import type { Face, RawSession } from './face.js';
import { paramsText } from './params.js';
import type { PushOf } from './push.js';
import type { Transport } from './request.js';
import type { TokenStore } from './store.js';
import type { PollMethod, ResultJson, SettleMethod, Violation } from './values.js';

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
  /**
   * 令牌存放处；不给则是本用户各程序共用的文件（浏览器、边缘平台与没有原生构建处：只在本对象内） · Where the token is kept: if not said, in
   * the file that all programs of this user share (in this client alone in browsers, on edge platforms and wherever there
   * is no native build).
   */
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
  /**
   * 每次发送之前交出进行状态，存好再返回；进程中断后用 `client.resume` 接着办。含请求内容，不含密钥和令牌 · Handed the call as a
   * text before anything is sent: keep it, and go on with `client.resume` should this process end. It holds the body,
   * neither secret nor token.
   */
  keep?: (snapshot: string) => void | Promise<void>;
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

/** 一个应用（第三方应用：加一个企业） · One application and, for a service provider, one merchant. */
export class Client {
  readonly #driver: Driver;
  readonly #onWarning: ClientOptions['onWarning'];

  constructor(options: ClientOptions) {
    this.#onWarning = options.onWarning;
    this.#driver = new Driver(options, opener(options));
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

  /** 接着办 `keep` 存下的调用；写操作一律先查询 · Goes on with a call that `keep` was handed; a write asks first. */
  resume(snapshot: string, options?: Omit<SettleOptions, 'again'>): Promise<ResultJson> {
    return this.#driver.run(() => this.#session().resume(snapshot), options?.signal, options?.keep);
  }

  /**
   * 同时跟踪许多订单，只查询不写入 · Follows many orders at once; it asks and never writes.
   *
   * ```js
   * const batch = client.follow(methods.query.queryInvoiceResult, { rate: 5 });
   * for (const { orderNo, submittedAt } of submitted) batch.add(orderNo, submittedAt);
   * for await (const event of batch.events()) record(event);
   * ```
   */
  follow<M extends PollMethod>(method: M, rules: BatchRules<M> = {}): Batch<M> {
    return new Batch(this.#driver, method, rules);
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
    return this.#driver.run(() => this.#session().startRaw(method, body), options?.signal);
  }

  /** 取令牌；调用时会自动取，通常只在第三方授权时需要 · Gets a token. Calls do so by themselves. */
  async signIn(grant: Grant = 'client_credentials', options?: CallOptions): Promise<SignedIn> {
    const { code, taxNum, redirectUri } = typeof grant === 'string' ? NO_CODE : grant;
    const name = typeof grant === 'string' ? grant : 'authorization_code';
    const started = () => this.#session().signIn(name, code, taxNum, redirectUri);
    const token = await this.#driver.run<SignedIn & { expiresAt: string | null }>(started, options?.signal);
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
    return this.#driver.session();
  }

  #run<T>(mode: string, method: string, params: unknown, options: SettleOptions | undefined): Promise<T> {
    const started = () => {
      const call = this.#session().start(mode, method, paramsText(params), true);
      const warnings = this.#onWarning ? (JSON.parse(call.warnings()) as Violation[]) : [];
      if (warnings.length > 0) this.#onWarning?.(warnings, method);
      return call;
    };
    return this.#driver.run(started, options?.signal, options?.keep);
  }
}

const NO_CODE = { code: '', taxNum: '', redirectUri: '' };

/** Opens the session of these options; the secrets stay in this closure, where nothing prints them. */
export function opener(options: ClientOptions): (core: Face) => Opened {
  const { environment, serviceUrl, tokenUrl, appKey, appSecret, taxNum, permanentToken } = options;
  const provider = options.serviceProvider ?? false;
  const urls = [environment ?? '', serviceUrl, tokenUrl] as const;
  for (const [name, value] of Object.entries({ appKey, appSecret, taxNum, permanentToken: permanentToken ?? '' })) {
    if (typeof value !== 'string') throw errorOf({ kind: 'usage', describe: `${name} must be a string, not a ${typeof value}` });
  }
  return (core) => {
    // A permanent token is nothing to share.
    const store = permanentToken === undefined ? (options.store ?? usualStore(core)) : undefined;
    const shared = store !== undefined;
    return { session: new core.Session(...urls, appKey, appSecret, taxNum, provider, permanentToken, shared), store };
  };
}
