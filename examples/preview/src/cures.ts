// What helps against a violation: the platform's code tells it, else the kind of the rule does.

import { explain, type Violation } from 'nnopen';

import { model } from './core.js';
import { say, told } from './words.js';

const CURES: { readonly [rule: string]: readonly [zh: string, en: string] } = {
  required: ['补上这个字段', 'Add this member'],
  one_of: ['至少填其中一项', 'Give at least one of them'],
  console: ['在这里填写，或确认诺诺控制台已设置', 'Give it here, or make sure that the console has it'],
  type: ['改成接口要求的类型', 'Give the type that the method wants'],
  decimal: ['写成普通小数的文本，如 "12.50"，不要千分位、货币符号或科学计数', 'Write a plain decimal as text, such as "12.50": no separators, signs or exponents'],
  scale: ['减少小数位', 'Give fewer decimal places'],
  length: ['缩短内容', 'Make it shorter'],
  length_narrow: ['较窄的说法：能缩短就缩短', 'Some sources give a narrower limit: shorten it if you can'],
  items: ['减少项数，或分几次发送', 'Give fewer items, or send them in parts'],
  code: ['从取值中选一个', 'Take one of the codes'],
  literal: ['加上引号，按文本发送', 'Put it in quotes, so that it is sent as it is written'],
  date: ['写成 2026-01-31', 'Write it as 2026-01-31'],
  time: ['写成 2026-01-31 10:30:00（北京时间）', 'Write it as 2026-01-31 10:30:00, in Beijing time'],
  json: ['改正标出处的语法：引号、逗号、括号要成对', 'Mend the marked place: quotes, commas and brackets must match'],
  null: ['删去，或填一个值', 'Leave it out, or give a value'],
  unknown: ['核对拼写；接口没有这个字段', 'Check the spelling: the method has no such member'],
  duplicate: ['只留一个', 'Keep one of them'],
  R12: ['补全金额：本页可代为算出填入', 'Fill in the amounts: this page works them out'],
  surrogate: ['删去残缺的字符', 'Take the broken character out'],
};

export function messageOf(violation: Violation): string {
  return say(violation.message, violation.messageEn);
}

/** The rule in words, if it is one of the invoice's. */
export function ruleOf({ rule }: Violation): string {
  const words = model.rules[rule];
  return words ? told(words) : '';
}

/** What helps; the rule itself says so where nothing else does. */
export function cureOf(violation: Violation): string {
  const known = violation.code ? explain(violation.code)[0] : undefined;
  const cure = CURES[violation.rule];
  return (known && say(known.fixZh, known.fixEn)) || (cure ? say(...cure) : ruleOf(violation));
}
