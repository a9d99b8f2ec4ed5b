// The core as both builds show it: native and wasm alike.

import { face as loaded, init as initialize, initSync as initializeSync, kind } from '#core';

/**
 * What to do next, told by what it is: a text is the result, a number the time to wait until, a head with a body is to be
 * sent; of the token's store, the version -1 means to read it, another one with bytes to replace that version. Nothing
 * means that a batch follows nothing.
 */
export type RawStep =
  | string
  | number
  | readonly [head: string, body: Uint8Array]
  | readonly [version: number, bytes?: Uint8Array]
  | undefined;

/** The same by names. */
export interface Step {
  /** The address, then the headers: a line each. */
  readonly head: string | undefined;
  readonly body: Uint8Array | undefined;
  readonly until: number | undefined;
  readonly result: string | undefined;
  readonly version: number | undefined;
}

/** What calls and batches are told alike. */
export interface RawMachine {
  receive(status: number, body: Uint8Array, now: number): void;
  fail(notSent: boolean, reason: string, now: number): void;
  loaded(version: number, bytes: Uint8Array, now: number): void;
  swapped(stored: boolean, now: number): void;
  storeFailed(reason: string, now: number): void;
}

export interface RawCall extends RawMachine {
  /** With `exact`, a result's numbers are texts, so that JSON.parse loses no digit. */
  step(now: number, entropy: Uint8Array, exact: boolean): RawStep;
  /** `receive` and an exact `step` in one; with its result the call has ended. */
  answer(status: number, body: Uint8Array, now: number, entropy: Uint8Array): RawStep;
  warnings(): string;
  snapshot(): string;
  end(): void;
}

export interface RawBatch extends RawMachine {
  /** An event is a result; a step without any member means that nothing is followed. */
  step(now: number, entropy: Uint8Array): RawStep;
  add(key: string, since: number, now: number): boolean;
  hint(key: string, now: number): boolean;
  progress(): string;
  snapshot(): string;
  resume(snapshot: string, now: number): number;
}

export interface RawSession {
  start(mode: string, method: string, params: string, floats: boolean): RawCall;
  startRaw(method: string, body: string): RawCall;
  follow(method: string, by: string, rate: number, slowest: number, giveUp: number, more: string): RawBatch;
  resume(snapshot: string): RawCall;
  signIn(grant: string, code: string, taxNum: string, redirectUri: string): RawCall;
  snapshot(): string;
  restore(snapshot: string): void;
  revision(): number;
  storeKey(): string;
  warnings(): string;
  authorizeUrl(redirectUri: string, state: string): string;
  readReturn(url: string, state: string): string;
}

export interface Face {
  readonly Session: new (
    environment: string,
    serviceUrl: string | undefined,
    tokenUrl: string | undefined,
    appKey: string,
    appSecret: string,
    taxNum: string,
    serviceProvider: boolean,
    permanentToken: string | undefined,
    shared: boolean,
  ) => RawSession;
  check(method: string, params: string, floats: boolean): string;
  read(method: string, status: number, body: Uint8Array): string;
  readPush(contentType: string, body: Uint8Array): string;
  documents(invoice: string): string;
  pushAccepted(): string;
  pushRefused(reason: string): string;
  explain(code: string): string;
  sign(
    secret: string,
    path: string,
    appKey: string,
    senid: string,
    nonce: string,
    timestamp: string,
    body: string,
  ): string[];
  diagnose(
    secret: string,
    path: string,
    appKey: string,
    senid: string,
    nonce: string,
    timestamp: string,
    body: string,
    signature: string,
    gbk: Uint8Array | undefined,
  ): string;
  amounts(line: string, floats: boolean): string[];
  totals(order: string, floats: boolean): string[];
  fill(order: string, floats: boolean): string;
  split(order: string, limit: string, floats: boolean): string[];
  red(blue: string, orderNo: string, invoiceDate: string, reason: string, floats: boolean): string;
  methods(): string[];
  /** The native build alone has files. */
  fileLoad?(folder: string, key: string): Promise<{ readonly version: number; readonly bytes: Uint8Array }>;
  fileSwap?(folder: string, key: string, version: number, bytes: Uint8Array): Promise<boolean>;
}

/** WebAssembly: its address, its bytes, or the module (`WebAssembly.Module`, which not every platform's types know). */
export type WasmSource = string | object;

/**
 * 准备好核心，可重复调用 · Makes the core ready; done once however often it is called. Needed only where it is WebAssembly
 * that must be fetched first (browser, edge), and there only before the functions that are not asynchronous; a `Client`
 * does it by itself.
 *
 * @param source where the WebAssembly is, if not beside this package.
 */
export async function init(source?: WasmSource): Promise<void> {
  await initialize(source);
}

/** 同步准备，已有字节或模块时用 · As {@link init}, at once, of bytes or a module that are there. */
export function initSync(source: object): void {
  initializeSync(source);
}

/** 核心是哪一种 · Which build of the core this is. */
export function coreKind(): 'native' | 'wasm' {
  return kind();
}

/** A step by names. */
export function named(step: RawStep): Step {
  if (typeof step === 'string') return { ...NOTHING, result: step };
  if (typeof step === 'number') return { ...NOTHING, until: step };
  if (step === undefined) return NOTHING;
  const [first, body] = step;
  return typeof first === 'string' ? { ...NOTHING, head: first, body } : { ...NOTHING, version: first, body };
}

const NOTHING: Step = { head: undefined, body: undefined, until: undefined, result: undefined, version: undefined };

/** The core, if it is ready. */
export function face(): Face | undefined {
  return loaded();
}
