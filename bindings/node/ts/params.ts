// Params as JSON text. JSON.stringify would turn NaN into null, which counts as absent, and refuse BigInt.

/** Deeper than the core takes; a cycle ends here, and the core says where. */
const DEEPEST = 70;

/** No number of JSON's: the core refuses it with its path. */
const NO_NUMBER = '1e999';

export function paramsText(params: unknown): string {
  return (isPlain(params, 0) ? JSON.stringify(params) : write(params, 0)) ?? 'null';
}

/** Whether JSON.stringify, which is quicker, would write the same. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
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
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  const kind: unknown = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return false;
  // A cycle is too deep, as the first way down shows.
  for (const name of Object.keys(value)) {
    if (!isPlain((value as Record<string, unknown>)[name], depth + 1)) return false;
  }
  return true;
}

function write(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
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
  if (typeof own === 'function') return write(own.call(value, ''), depth + 1);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1) ?? 'null').join(',')}]`;
  let text = '';
  for (const name of Object.keys(value)) {
    const part = write((value as Record<string, unknown>)[name], depth + 1);
    if (part !== undefined) text += `${text && ','}${JSON.stringify(name)}:${part}`;
  }
  return `{${text}}`;
}
