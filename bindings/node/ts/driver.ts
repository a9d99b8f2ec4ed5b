// The loop over the network. The core says what to do next; here it is done.

import { randomBytes } from '#core';

import { guarded, translated } from './errors.js';
import { type Face, face, init, named, type RawCall, type RawMachine, type RawSession, type Step } from './face.js';
import { type Answer, failureOf, NotSent, OutgoingRequest, type Transport } from './request.js';
import type { TokenStore } from './store.js';
import { fetchTransport } from './transport/fetch.js';

/** What a driver is made from; see `ClientOptions`. */
export interface DriverOptions {
  readonly transport?: Transport;
  readonly now?: () => number;
  readonly random?: (count: number) => Uint8Array;
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** A session, and where its token is kept; nowhere if only it knows the token. */
export interface Opened {
  readonly session: RawSession;
  readonly store: TokenStore | undefined;
}

/** Why no answer came. */
interface Lost {
  readonly notSent: boolean;
  readonly failure: Error;
}

/** Woken now and then, so that a clock that was set is noticed. */
const LONGEST_SLEEP = 5000;

/** Does what calls and batches of one session ask for. */
export class Driver {
  readonly #options: DriverOptions;
  readonly #transport: Transport;
  readonly #open: (core: Face) => Opened;
  #opened: Opened | undefined;

  constructor(options: DriverOptions, open: (core: Face) => Opened) {
    this.#options = options;
    this.#transport = options.transport ?? fetchTransport();
    this.#open = open;
    if (face()) this.session();
  }

  /** The session; the core must be ready. */
  session(): RawSession {
    if (this.#opened) return this.#opened.session;
    const core = face();
    if (!core) throw translated(new Error('the core is not ready: await init() first'));
    this.#opened = guarded(() => this.#open(core));
    return this.#opened.session;
  }

  /** Makes the core ready. */
  async ready(signal: AbortSignal | undefined): Promise<void> {
    if (!face()) await init();
    signal?.throwIfAborted();
  }

  /** Drives a call to its end; `keep` is handed the call before anything is sent. */
  async run<T>(
    start: () => RawCall,
    signal: AbortSignal | undefined,
    keep?: (snapshot: string) => void | Promise<void>,
  ): Promise<T> {
    if (!face()) await init();
    signal?.throwIfAborted();
    const call = guarded(start);
    try {
      let step = guarded(() => call.step(this.now(), this.random(), true));
      while (typeof step !== 'string') {
        const todo = named(step);
        const { head, body } = todo;
        let lost: Error | undefined;
        if (head === undefined || body === undefined) await this.carryOut(call, todo, signal);
        else {
          if (keep) await keep(guarded(() => call.snapshot()));
          const came = await this.#exchange(head, body, signal);
          if ('status' in came) {
            step = guarded(() => call.answer(came.status, came.body, this.now(), this.random()));
            continue;
          }
          lost = this.#failed(call, came);
        }
        step = guarded(() => call.step(this.now(), this.random(), true), lost);
      }
      return JSON.parse(step) as T;
    } finally {
      call.end();
    }
  }

  /** Sends, waits, or goes to the store; gives back why no answer came. */
  async carryOut(machine: RawMachine, step: Step, signal: AbortSignal | undefined): Promise<Error | undefined> {
    const { head, body, version, until } = step;
    if (head !== undefined && body !== undefined) {
      const came = await this.#exchange(head, body, signal);
      if (!('status' in came)) return this.#failed(machine, came);
      guarded(() => machine.receive(came.status, came.body, this.now()));
    } else if (version !== undefined) await this.#keep(machine, version, body);
    else if (until !== undefined) await this.wait(until, signal);
    return undefined;
  }

  async wait(until: number, signal: AbortSignal | undefined): Promise<void> {
    const left = Math.min(Math.max(until - this.now(), 0), LONGEST_SLEEP);
    await (this.#options.sleep ?? sleep)(left, signal);
    signal?.throwIfAborted();
  }

  now(): number {
    return Math.trunc((this.#options.now ?? Date.now)());
  }

  random(): Uint8Array {
    return (this.#options.random ?? randomBytes)(20);
  }

  /** Sends once. */
  async #exchange(head: string, body: Uint8Array, signal: AbortSignal | undefined): Promise<Answer | Lost> {
    try {
      const answer = await this.#transport(new OutgoingRequest(head, body), signal);
      if (!(answer?.body instanceof Uint8Array)) throw new Error('the transport gave no bytes');
      if (!(Number.isInteger(answer.status) && answer.status >= 0 && answer.status <= 65535)) throw new Error('the transport gave no status');
      return answer;
    } catch (thrown) {
      const failure = failureOf(thrown);
      const notSent = failure instanceof NotSent || (thrown as { notSent?: unknown } | undefined)?.notSent === true;
      return { notSent, failure };
    }
  }

  /** No answer came; gives back why. */
  #failed(machine: RawMachine, { notSent, failure }: Lost): Error {
    guarded(() => machine.fail(notSent, failure.message, this.now()));
    return shown(failure);
  }

  /** Reads the token's store, or replaces what it holds. */
  async #keep(machine: RawMachine, version: number, bytes: Uint8Array | undefined): Promise<void> {
    const key = this.session().storeKey();
    const store = this.#opened?.store;
    let told: () => void;
    try {
      if (!store) throw new Error('there is no store');
      if (bytes === undefined) {
        const kept = await store.load(key);
        told = () => machine.loaded(kept?.version ?? 0, kept?.bytes ?? new Uint8Array(), this.now());
      } else {
        const stored = await store.swap(key, version, bytes);
        told = () => machine.swapped(stored, this.now());
      }
    } catch (thrown) {
      const { message } = failureOf(thrown);
      told = () => machine.storeFailed(message, this.now());
    }
    guarded(told);
  }
}

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
