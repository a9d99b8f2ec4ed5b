// JSON that keeps every number's text and repeated members: vectors hold what JSON.parse would lose.

export class Num {
  constructor(text) {
    this.text = text;
  }
}

/** Objects become lists of pairs in a Map-like class, so that repeated members stay. */
export class Obj {
  constructor(members) {
    this.members = members;
  }

  get(name) {
    return this.members.findLast?.(([key]) => key === name)?.[1] ?? [...this.members].reverse().find(([key]) => key === name)?.[1];
  }

  has(name) {
    return this.members.some(([key]) => key === name);
  }
}

export function parse(text) {
  let at = 0;
  const blank = /[ \t\r\n]*/y;
  const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  const skip = () => {
    blank.lastIndex = at;
    blank.exec(text);
    at = blank.lastIndex;
  };
  const expect = (char) => {
    if (text[at] !== char) throw new SyntaxError(`${char} expected at ${at}`);
    at += 1;
  };
  const string = () => {
    const start = at;
    for (at += 1; text[at] !== '"'; at += text[at] === '\\' ? 2 : 1) if (at >= text.length) throw new SyntaxError('text');
    at += 1;
    return JSON.parse(text.slice(start, at));
  };
  const list = (end, item) => {
    const items = [];
    at += 1;
    skip();
    while (text[at] !== end) {
      if (items.length > 0) {
        expect(',');
        skip();
      }
      items.push(item());
      skip();
    }
    at += 1;
    return items;
  };
  const value = () => {
    skip();
    const char = text[at];
    if (char === '"') return string();
    if (char === '[') return list(']', value);
    if (char === '{') {
      const member = () => {
        const name = string();
        skip();
        expect(':');
        return [name, value()];
      };
      return new Obj(list('}', member));
    }
    for (const [word, meaning] of [['true', true], ['false', false], ['null', null]]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    number.lastIndex = at;
    const token = number.exec(text)?.[0];
    if (token === undefined) throw new SyntaxError(`a value expected at ${at}`);
    at += token.length;
    return new Num(token);
  };
  const read = value();
  skip();
  if (at !== text.length) throw new SyntaxError('something after the end');
  return read;
}

/** As text; with `exact`, numbers as texts of the same digits, as results have them. */
export function write(value, exact = false) {
  if (value instanceof Num) return exact ? `"${value.text}"` : value.text;
  if (value instanceof Obj) {
    return `{${value.members.map(([name, item]) => `${JSON.stringify(name)}:${write(item, exact)}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, exact)).join(',')}]`;
  return JSON.stringify(value ?? null);
}

/** A text, or a number's text. */
export function token(value) {
  if (value instanceof Num) return value.text;
  return typeof value === 'string' ? value : undefined;
}
