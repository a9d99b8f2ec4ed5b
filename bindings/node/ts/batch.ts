// Many orders followed at once.

import type { Methods } from './api/index.js';
import type { Driver } from './driver.js';
import { errorOf, type Failure, guarded, type NnopenError, translated } from './errors.js';
import { named, type RawBatch } from './face.js';
import { paramsText } from './params.js';
import type { PollMethod } from './values.js';

/** 怎么查 · How a batch asks. */
export interface BatchRules<M extends PollMethod = PollMethod> {
  /** 按订单号（默认）或流水号 · By order numbers, if not said, or by serial numbers. */
  readonly by?: 'orderNos' | 'serialNos';
  /** 每秒请求数，默认 5，最多 1000 · Requests a second. */
  readonly rate?: number;
  /** 一张订单两次查询的最长间隔，秒，默认两小时 · The longest time between two questions about an order, in seconds. */
  readonly slowest?: number;
  /** 多久没有最终状态就放弃，秒，默认七天 · The age at which an order is given up, in seconds. */
  readonly giveUp?: number;
  /** 每次查询的其他参数 · More params of each query. */
  readonly with?: Omit<Methods[M]['params'], 'orderNos' | 'serialNos'>;
}

/** 一张订单的结局，或暂时的麻烦 · What has become of an order, or what troubles the batch. */
export type BatchEvent<M extends PollMethod = PollMethod> =
  /** 有了最终状态；拆单有多行 · Final; an order that was split has several rows. */
  | { readonly kind: 'done' | 'failed' | 'needs_retry'; readonly key: string; readonly rows: Methods[M]['result'] }
  /** 太久没有最终状态 · Not final for too long. */
  | { readonly kind: 'gave_up'; readonly key: string; readonly rows: Methods[M]['result'] }
  /** 查不到，且从未查到过：用 `settle(…, { again: true })` · Not there, and never seen. */
  | { readonly kind: 'absent'; readonly key: string }
  /** 不是结局：订单都还在，会再问 · No end: the orders are asked about again. */
  | { readonly kind: 'trouble'; readonly keys: readonly string[]; readonly error: NnopenError };

/** 进度 · How far a batch is. */
export interface BatchProgress {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
  readonly needsRetry: number;
  readonly absent: number;
  readonly gaveUp: number;
  readonly queries: number;
  readonly askedPerSecond: number;
  /** 最早的提交时间，1970 年起的毫秒 · When the oldest was submitted: milliseconds since 1970. */
  readonly oldest: number | null;
}

export interface EventOptions {
  /** 中止 · Ends the following; nothing is lost: go on with `events()` again. */
  readonly signal?: AbortSignal;
  /** 没有要跟踪的也不结束，等着 `add` · Does not end when nothing is followed, but waits for `add`. */
  readonly keepOpen?: boolean;
}

/** 许多订单，一个速度 · Many orders followed at once, at a rate; made by `client.follow`. */
export class Batch<M extends PollMethod = PollMethod> {
  readonly #driver: Driver;
  readonly #open: () => RawBatch;
  #opened: RawBatch | undefined;
  #running = false;
  #woken = new AbortController();

  /** @internal */
  constructor(driver: Driver, method: M, rules: BatchRules<M>) {
    const { by = 'orderNos', rate = 5, slowest = 7200, giveUp = 604_800 } = rules;
    const more = rules.with === undefined ? '' : paramsText(rules.with);
    this.#driver = driver;
    this.#open = () => guarded(() => driver.session().follow(method, by, rate, slowest, giveUp, more));
  }

  /** 跟踪一张已提交的订单；已在跟踪则为 false · Follows an order that was submitted at `since`. */
  add(key: string, since: number | Date = this.#driver.now()): boolean {
    return this.#waking(this.#raw().add(key, Math.trunc(Number(since)), this.#driver.now()));
  }

  /** 收到了这张订单的回传：早点问 · A push came about this order: ask soon. */
  hint(key: string): boolean {
    return this.#waking(this.#raw().hint(key, this.#driver.now()));
  }

  /** 进度 · Figures to show. */
  progress(): BatchProgress {
    return JSON.parse(guarded(() => this.#raw().progress())) as BatchProgress;
  }

  /** 还没有结局的订单；不含密钥和令牌 · All orders that have no event yet; neither secret nor token. */
  snapshot(): string {
    return guarded(() => this.#raw().snapshot());
  }

  /** 接着跟踪快照里的订单；得到新进来的张数 · Follows the orders of a snapshot too; tells how many came in. */
  resume(snapshot: string): number {
    return this.#waking(guarded(() => this.#raw().resume(snapshot, this.#driver.now())));
  }

  /**
   * 逐个给出结局；先处理，再存快照 · Gives one event after the other. Take an event in before you keep a snapshot.
   *
   * 同一时刻只能有一个在进行 · One at a time.
   */
  async *events(options: EventOptions = {}): AsyncGenerator<BatchEvent<M>, void, void> {
    const { signal } = options;
    if (this.#running) throw translated(new Error('the events of this batch are being read already'));
    this.#running = true;
    try {
      await this.#driver.ready(signal);
      const batch = this.#raw();
      let lost: Error | undefined;
      for (;;) {
        signal?.throwIfAborted();
        const step = named(guarded(() => batch.step(this.#driver.now(), this.#driver.random())));
        if (step.result !== undefined) yield eventOf<M>(step.result, lost);
        else if (step.until !== undefined) await this.#sleep(step.until, signal);
        else if (step.head !== undefined || step.version !== undefined) {
          lost = await this.#driver.carryOut(batch, step, signal);
        } else if (options.keepOpen) await this.#sleep(Number.POSITIVE_INFINITY, signal);
        else return;
      }
    } finally {
      this.#running = false;
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<BatchEvent<M>, void, void> {
    return this.events();
  }

  /** Until then, or until something new is followed. */
  async #sleep(until: number, signal: AbortSignal | undefined): Promise<void> {
    const { signal: woken } = this.#woken;
    const end = () => this.#woken.abort();
    if (!woken.aborted) {
      signal?.addEventListener('abort', end, { once: true });
      await this.#driver.wait(until, woken).catch((thrown: unknown) => {
        if (!woken.aborted) throw thrown;
      });
      signal?.removeEventListener('abort', end);
    }
    if (woken.aborted) this.#woken = new AbortController();
  }

  #waking<T>(news: T): T {
    if (news) this.#woken.abort();
    return news;
  }

  #raw(): RawBatch {
    this.#opened ??= this.#open();
    return this.#opened;
  }
}

function eventOf<M extends PollMethod>(text: string, lost: Error | undefined): BatchEvent<M> {
  const { kind, keys, rows, failure } = JSON.parse(text) as {
    kind: BatchEvent['kind'];
    keys: string[];
    rows: Methods[M]['result'];
    failure: Failure | null;
  };
  const key = keys[0] ?? '';
  if (kind === 'trouble') return { kind, keys, error: errorOf(failure ?? { kind: 'usage', describe: '' }, lost) };
  if (kind === 'absent') return { kind, key };
  return { kind, key, rows };
}
