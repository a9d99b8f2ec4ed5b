// What the platform sends us (回传). Nothing in it is signed: it is a hint, never proof.

import type { Methods, Pushes } from './api/index.js';
import { guarded } from './errors.js';
import { core } from './tools.js';
import type { ResultJson } from './values.js';

interface AnyPush {
  /** 订单号 · Our order number. */
  readonly orderNo: string | null;
  /** 发票流水号 · The platform's serial number of the invoice. */
  readonly serialNo: string | null;
  /** 红字申请号 · The application number of a red-letter form. */
  readonly billNo: string | null;
  /** 状态码，与查询接口不是同一套编号 · The code itself; not that of the query. */
  readonly statusCode: string | null;
  /** 收到的全部成员 · Everything as it came. */
  readonly raw: ResultJson;
}

/** 一种推送 · One kind of push. */
export interface PushOf<K extends keyof Pushes> extends AnyPush {
  readonly known: true;
  readonly operater: K;
  readonly content: Pushes[K]['content'] | null;
  readonly status: Pushes[K]['status'] | null;
  /** 用来核实的查询 · The question that confirms it: see `client.confirm(push)`. */
  readonly confirm: {
    readonly method: Pushes[K]['confirm'];
    readonly params: Methods[Pushes[K]['confirm']]['params'];
  } | null;
}

/** 未知种类的推送 · A push of a kind that is not known. */
export interface UnknownPush extends AnyPush {
  readonly known: false;
  readonly operater: string;
  readonly content: ResultJson;
  readonly status: null;
  readonly confirm: null;
}

/** 一个推送：先看 `known`，再看 `operater` · A push: look at `known`, then at `operater`. */
export type PushMessage = { [K in keyof Pushes]: PushOf<K> }[keyof Pushes] | UnknownPush;

/**
 * 读推送；`body` 是收到的原始字节 · Reads a push from the bytes as they came. Confirm it before acting on it.
 */
export function readPush(contentType: string | undefined, body: Uint8Array | string): PushMessage {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return JSON.parse(guarded(() => core().readPush(contentType ?? '', bytes))) as PushMessage;
}

/** 应答：已收到（HTTP 200，JSON） · The answer to a push that was taken in: HTTP 200 with this JSON. */
export function pushAccepted(): string {
  return guarded(() => core().pushAccepted());
}

/** 应答：未能收下，平台会再推 · The answer to a push that could not be taken in: it is sent again. */
export function pushRefused(reason: string): string {
  return guarded(() => core().pushRefused(reason));
}
