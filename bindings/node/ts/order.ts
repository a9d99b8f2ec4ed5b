// The invoice itself: amounts to the cent, splitting, red orders. No float is used, and none is taken for money.

import type { Invoicing } from './api/index.js';
import { guarded } from './errors.js';
import { paramsText } from './params.js';
import { core } from './tools.js';

/** 开票订单 · What is issued. */
export type Order = Invoicing.RequestBillingNew.Order;
/** 发票的一行 · A line of it. */
export type OrderLine = Order['invoiceDetail'][number];

/** 三个金额 · Three amounts, exact to the cent. */
export interface Amounts {
  readonly taxExcludedAmount: string;
  readonly tax: string;
  readonly taxIncludedAmount: string;
}

/** 由已知金额（或单价、数量）与税率推算一行的金额 · Works out a line's amounts from what it has. */
export function amounts(line: OrderLine | string): Amounts {
  return named(guarded(() => core().amounts(...given(line))));
}

/** 整张订单的合计 · The amounts of all lines together. */
export function totals(order: Order | string): Amounts {
  return named(guarded(() => core().totals(...given(order))));
}

/**
 * 补全各行缺少的金额 · The order with the amounts that its lines lack.
 *
 * 给 JSON 文本就得到 JSON 文本，数字的位数一个不丢 · Given as JSON text it is given back as JSON text, no digit of a number
 * is lost.
 */
export function fill<O extends Order | string>(order: O): O {
  return back(order, guarded(() => core().fill(...given(order))));
}

/**
 * 拆单：每张不含税金额不超过 `limit` · Orders whose amounts without tax are at most `limit`, which add up exactly.
 *
 * 第 2 张的订单号是 `A-1-2`；同一订单总得到同样的各张 · The second part of `A-1` is `A-1-2`; the same order gives the same
 * parts.
 */
export function split<O extends Order | string>(order: O, limit: string): O[] {
  const [text, floats] = given(order);
  return guarded(() => core().split(text, limit, floats)).map((part) => back(order, part));
}

/** 冲红原因：1 销货退回，2 开票有误，3 服务中止，4 销售折让 · Why an invoice is taken back. */
export type RedReason = '1' | '2' | '3' | '4';

/** 冲红订单 · The order that takes back a blue one. `invoiceDate`: `2026-01-31 10:30:00` */
export function red<O extends Order | string>(blue: O, orderNo: string, invoiceDate: string, reason: RedReason): O {
  const [text, floats] = given(blue);
  return back(blue, guarded(() => core().red(text, orderNo, invoiceDate, reason, floats)));
}

/** As JSON text, and whether its numbers are JavaScript's. */
function given(value: unknown): [string, boolean] {
  return typeof value === 'string' ? [value, false] : [paramsText(value), true];
}

function back<O>(order: O, text: string): O {
  return (typeof order === 'string' ? text : JSON.parse(text)) as O;
}

function named([taxExcludedAmount = '', tax = '', taxIncludedAmount = '']: string[]): Amounts {
  return { taxExcludedAmount, tax, taxIncludedAmount };
}
