// Amounts as text: no number is ever made of them.

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const PLACES = ['', '拾', '佰', '仟'];
const GROUPS = ['', '万', '亿', '万亿'];

/** An amount in Chinese capitals, as it stands on an invoice: `1050.30` is 壹仟零伍拾元叁角整. Empty if it is no amount. */
export function capitals(amount: string): string {
  const parts = /^(-?)0*(\d{1,16})(?:\.(\d{1,2})0*)?$/.exec(amount);
  if (!parts) return '';
  const [, minus = '', whole = '', cents = ''] = parts;
  const [jiao, fen] = [Number(cents[0] ?? 0), Number(cents[1] ?? 0)];
  const yuan = wholeInCapitals(whole);
  let text = yuan && `${yuan}元`;
  if (jiao > 0) text += `${DIGITS[jiao]}角`;
  else if (fen > 0 && yuan) text += '零';
  if (fen > 0) text += `${DIGITS[fen]}分`;
  text ||= '零元';
  return `${minus && '（负数）'}${text}${fen > 0 ? '' : '整'}`;
}

function wholeInCapitals(whole: string): string {
  let text = '';
  let gap = false;
  for (let group = Math.ceil(whole.length / 4) - 1; group >= 0; group--) {
    const digits = whole.slice(Math.max(0, whole.length - 4 * group - 4), whole.length - 4 * group);
    let part = '';
    for (const [index, digit] of [...digits].entries()) {
      if (digit === '0') {
        gap = true;
        continue;
      }
      if (gap && (part || text)) part += '零';
      gap = false;
      part += DIGITS[Number(digit)]! + PLACES[digits.length - 1 - index]!;
    }
    if (part) text += part + groupName(group, whole);
  }
  return text;
}

/** 万亿 is said once: 壹万亿, but 壹万贰仟亿. */
function groupName(group: number, whole: string): string {
  const below = whole.slice(-12, -8);
  return group === 3 && /[1-9]/.test(below) ? '万' : GROUPS[group]!;
}

/** `1234567.8` as `1,234,567.80`. */
export function grouped(amount: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount);
  if (!parts) return amount;
  const [, minus = '', whole = '', cents = ''] = parts;
  return `${minus}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents.padEnd(2, '0')}`;
}

/** A rate as people write it: `0.13` is `13%`. */
export function percent(rate: string): string {
  const parts = /^(\d+)(?:\.(\d*))?$/.exec(rate);
  if (!parts) return rate;
  const [, whole = '', places = ''] = parts;
  const digits = whole + places.padEnd(2, '0');
  const point = whole.length + 2;
  const rest = digits.slice(point).replace(/0+$/, '');
  return `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}${rest && `.${rest}`}%`;
}
