// What needs no network: check, read, explain.

import type { Methods } from './api/index.js';
import { errorOf, type Failure, guarded, type NnopenError, translated } from './errors.js';
import { type Face, face } from './face.js';
import { paramsText } from './params.js';
import type { Explanation, ResultJson, Violation } from './values.js';

/** 检查结果 · What a check tells. */
export interface Checked {
  /** 全部问题与提醒 · All faults and warnings. */
  readonly violations: readonly Violation[];
  /** 没有错误时的请求体 · The body, if nothing is wrong. */
  readonly body: string | null;
}

/** 读出的应答 · An answer as it was read. */
export interface ReadAnswer {
  readonly code: string | null;
  readonly describe: string | null;
  readonly result: ResultJson;
  /** 不成功的原因 · Why it is no success. */
  readonly error: NnopenError | null;
}

/** 发送前检查参数，不联网 · Checks params without sending them. */
export function check<M extends keyof Methods>(method: M, params: Methods[M]['params']): Checked {
  return checkText(method, paramsText(params), true);
}

/** 检查 JSON 文本 · Checks params given as JSON text, whose numbers keep their digits. */
export function checkJson(method: keyof Methods | (string & Record<never, never>), params: string): Checked {
  return checkText(method, params, false);
}

function checkText(method: string, params: string, floats: boolean): Checked {
  return JSON.parse(guarded(() => core().check(method, params, floats))) as Checked;
}

/** 读一个应答 · Reads an answer to a method. */
export function readAnswer(method: string, status: number, body: Uint8Array | string): ReadAnswer {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const text = guarded(() => core().read(method, status, bytes));
  const { failure, ...answer } = JSON.parse(text) as ReadAnswer & { failure: Failure | null };
  return { ...answer, error: failure && errorOf(failure) };
}

/** 发票的一个文件 · One of an invoice's files. */
export interface InvoiceFile {
  readonly kind: 'ofd' | 'pdf' | 'xml' | 'paper_pdf' | 'page' | 'image';
  readonly url: string;
  /** 取自哪个成员 · The member it was found in. */
  readonly field: string;
  /** 是否法定原件 · Whether it is the legal original. */
  readonly original: boolean;
}

/** 已开发票的文件，原件在前；给查询结果的一行或推送的 content · The files of an issued invoice, the original first. */
export function documents(invoice: object | string): readonly InvoiceFile[] {
  const text = typeof invoice === 'string' ? invoice : paramsText(invoice);
  return JSON.parse(guarded(() => core().documents(text))) as InvoiceFile[];
}

/** 返回码或状态的含义；一个码可能有几种 · What a code or status means; one code may have several. */
export function explain(code: string): readonly Explanation[] {
  return JSON.parse(guarded(() => core().explain(code))) as Explanation[];
}

/** 全部接口名 · The names of all methods. */
export function methodNames(): readonly (keyof Methods)[] {
  return guarded(() => core().methods()) as (keyof Methods)[];
}

/** The core, if it is ready. */
export function core(): Face {
  const ready = face();
  if (!ready) throw translated(new Error('the core is not ready: await init() first'));
  return ready;
}
