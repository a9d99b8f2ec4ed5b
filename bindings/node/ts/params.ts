// Params as JSON text. JSON.stringify would turn NaN into null, which counts as absent, and refuse BigInt.

/** Deeper than the core takes; a cycle ends here, and the core says where. */
const DEEPEST = 70;

/** No number of JSON's: the core refuses it with its path. */
const NO_NUMBER = '1e999';

export function paramsText(params: unknown): string {
  return write(params, 0) ?? 'null';
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
