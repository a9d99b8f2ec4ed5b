// Params as JSON text. JSON.stringify would turn NaN into null, which counts as absent, and refuse BigInt.

/** Deeper than the core takes; a cycle ends here, and the core says where. */
const DEEPEST = 70;

/** No number of JSON's: the core refuses it with its path. */
const NO_NUMBER = '1e999';

/** More values, and longer texts together, than the core takes: it refuses them, whatever follows. */
const MOST_VALUES = 1_100_000;
const MOST_TEXT = 17 << 20;

export function paramsText(params: unknown): string {
  const none = (): Written => ({ values: 0, text: 0 });
  return (isPlain(params, 0, none()) ? JSON.stringify(params) : write(params, 0, none())) ?? 'null';
}

/** What was written so far: an object that leads to itself twice would be written for ever. */
interface Written {
  values: number;
  text: number;
}

/** Whether JSON.stringify, which is quicker, would write the same. */
function isPlain(value: unknown, depth: number, seen: Written): boolean {
  if ((seen.values += 1) > MOST_VALUES) return false;
  switch (typeof value) {
    case 'string':
      seen.text += value.length;
      return seen.text <= MOST_TEXT;
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth > DEEPEST || (value as { toJSON?: unknown }).toJSON !== undefined) return false;
  if (Array.isArray(value)) {
    // Not `every`: it goes past holes, of which there may be billions.
    for (let at = 0; at < value.length; at += 1) {
      if (!isPlain(value[at], depth + 1, seen)) return false;
    }
    return true;
  }
  const kind: unknown = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return false;
  // A cycle is too deep, as the first way down shows. This loop is several times as fast as one over Object.keys; what it
  // may find beyond them in a prototype that somebody extended does no harm here.
  for (const name in value) {
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'string') {
      seen.values += 1;
      seen.text += member.length;
    } else if (!isPlain(member, depth + 1, seen)) return false;
  }
  return seen.values <= MOST_VALUES && seen.text <= MOST_TEXT;
}

function write(value: unknown, depth: number, written: Written): string | undefined {
  if ((written.values += 1) > MOST_VALUES || written.text > MOST_TEXT) return 'null';
  switch (typeof value) {
    case 'string':
      written.text += value.length;
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : NO_NUMBER;
    case 'boolean':
      return String(value);
    case 'bigint':
      return `"${value}"`;
    case 'object':
      break;
    default:
      return undefined;
  }
  if (value === null || depth > DEEPEST) return 'null';
  const own = (value as { toJSON?: unknown }).toJSON;
  if (typeof own === 'function') return write(own.call(value, ''), depth + 1, written);
  if (Array.isArray(value)) {
    const items: string[] = [];
    for (let at = 0; at < value.length && written.values <= MOST_VALUES; at += 1) {
      items.push(write(value[at], depth + 1, written) ?? 'null');
    }
    return `[${items.join(',')}]`;
  }
  let text = '';
  for (const name of Object.keys(value)) {
    written.text += name.length;
    const part = write((value as Record<string, unknown>)[name], depth + 1, written);
    if (part !== undefined) text += `${text && ','}${JSON.stringify(name)}:${part}`;
  }
  return `{${text}}`;
}
