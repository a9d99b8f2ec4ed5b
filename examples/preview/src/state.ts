// What the page knows. All else follows from the params' text, the method and who asks.

import { computed, effect, signal } from '@preact/signals';
import { type Checked, checkJson, fill, NnopenError, totals, type Amounts } from 'nnopen';
import type { ModelMethod } from 'nnopen/model';

import { model } from './core.js';
import { at, indented, plain, read, type Value } from './json.js';
import { keep, kept } from './words.js';

export const ISSUE = 'nuonuo.OpeMplatform.requestBillingNew';

export type View = 'order' | 'request' | 'read' | 'codes';
export const view = signal<View>('order');

export type Theme = 'auto' | 'light' | 'dark';
export const theme = signal<Theme>(kept('theme') ?? 'auto');
effect(() => {
  keep('theme', theme.value);
  if (theme.value === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
});

export const method = signal(ISSUE);
/** The params as JSON text, as they stand in the editor. */
export const text = signal('');

/** Where the editor shall go: set by whoever points to a place. */
export const wanted = signal<{ path: string } | undefined>(undefined);

export const described = computed<ModelMethod | undefined>(() =>
  model.methods.find(({ name }) => name === method.value),
);

export const parsed = computed(() => read(text.value));

export const checked = computed<Checked>(() => checkJson(method.value, text.value));

export const errors = computed(() => checked.value.violations.filter(({ severity }) => severity === 'error').length);

/** The order in the params, if the method is for one. */
export const order = computed<Value | undefined>(() => {
  const member = described.value?.order;
  const found = member ? at(parsed.value.root, member) : undefined;
  return found?.kind === 'object' && parsed.value.brokenAt === undefined ? found : undefined;
});

export interface Filled {
  /** The order with all amounts, as text and as values. */
  readonly text: string;
  readonly value: Value | undefined;
  readonly totals: Amounts;
}

/** The order with its amounts worked out; the reason if that cannot be done. */
export const filled = computed<Filled | NnopenError | undefined>(() => {
  if (!order.value) return undefined;
  const given = text.value.slice(order.value.from, order.value.to);
  try {
    const whole = fill(given);
    return { text: whole, value: read(whole).root, totals: totals(whole) };
  } catch (error) {
    if (error instanceof NnopenError) return error;
    throw error;
  }
});

/** Whether filling in changes anything. */
export const lacking = computed(() => {
  const made = filled.value;
  if (!made || made instanceof NnopenError) return false;
  return lines(made.value).some((line, index) =>
    AMOUNTS.some((name) => plain(at(line, name)) !== plain(at(lines(order.value)[index], name))),
  );
});

export const AMOUNTS = ['taxExcludedAmount', 'tax', 'taxIncludedAmount'] as const;

export function lines(whole: Value | undefined): readonly Value[] {
  const found = at(whole, 'invoiceDetail');
  return found?.kind === 'array' ? found.items : [];
}

/** Puts the worked out amounts into the text. */
export function fillIn(): void {
  const made = filled.value;
  if (!made || made instanceof NnopenError || !order.value) return;
  const whole = indented(made.text);
  text.value = text.value.slice(0, order.value.from) + whole + text.value.slice(order.value.to);
}

/** Takes a text from outside: lines end as in the editor, and no mark stands before it. */
export function take(raw: string): void {
  text.value = raw.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
}

/** Takes another method: with its first example as its params. */
export function choose(name: string): void {
  method.value = name;
  showExample(0);
}

export function showExample(index: number): void {
  const example = described.value?.examples[index];
  text.value = JSON.stringify(example?.params ?? {}, undefined, 2);
}

/** Who asks: in memory alone, gone with the page. The account is the simulator's own. */
export const identity = {
  environment: signal<'sandbox' | 'production'>('sandbox'),
  appKey: signal('SD00000001'),
  appSecret: signal('SD00000000000001'),
  taxNum: signal('339901999999142'),
  token: signal(''),
};

/** When, and with which random bytes: the request stays the same until it is made anew. */
export const stamp = signal(freshStamp());

export function freshStamp(): { now: number; entropy: Uint8Array } {
  return { now: Date.now(), entropy: crypto.getRandomValues(new Uint8Array(20)) };
}
