// 值 · Values that stand in params and results.

import type { Methods } from './api/index.js';

/** 可以反复查询的接口 · Methods that can be asked again until there is an answer. */
export type PollMethod = { [M in keyof Methods]: Methods[M]['poll'] extends true ? M : never }[keyof Methods];

/** 可以办到底的写操作 · Writes that can be followed to their end. */
export type SettleMethod = { [M in keyof Methods]: [Methods[M]['rows']] extends [never] ? never : M }[keyof Methods];

/** 未列出的代码：平台会新增 · A code that is not listed: the platform adds some. */
export type Open = string & Record<never, never>;

/** 整数，或写成文本的整数 · A whole number, or one written as a text. */
export type Integer = number | `${bigint}`;

/** 参数中的任意值；金额请用文本 · Any value in params; write money as a text. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * 结果中的任意值：数字一律是文本，位数不丢 · Any value in a result: numbers come as texts, no digit is lost.
 */
export type ResultJson = string | boolean | null | readonly ResultJson[] | { readonly [name: string]: ResultJson };

/** 参数中的一处问题 · One thing wrong with params. */
export interface Violation {
  /** 路径 · Where: `order.invoiceDetail[3].taxRate` */
  readonly path: string;
  /** 规则 · Which rule: `required`, `type`, `decimal` … */
  readonly rule: string;
  /** `error` 不会发送；`warning` 只是提醒 · An error is not sent; a warning is. */
  readonly severity: 'error' | 'warning';
  /** 平台会返回的码 · The code that the platform would answer, if that is known. */
  readonly code: string | null;
  /** 说明 · What is wrong, in Chinese. */
  readonly message: string;
  /** What is wrong, in English. */
  readonly messageEn: string;
}

/** 一个返回码的含义 · What a code means. */
export interface Explanation {
  readonly code: string;
  readonly scope: string;
  readonly text: string;
  readonly meaningZh: string;
  readonly meaningEn: string;
  readonly causeZh: string;
  readonly causeEn: string;
  readonly fixZh: string;
  readonly fixEn: string;
  readonly retry: Retry;
  readonly orderFree: boolean;
}

/** 再试有没有用 · Whether trying again can help. */
export type Retry = 'no' | 'later' | 'sign_in' | 'ask';
