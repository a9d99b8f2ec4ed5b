// JSON as it stands in the text: every value with its place, numbers with all their digits. Broken text is read as far
// as it goes.

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/json';

interface Place {
  readonly from: number;
  readonly to: number;
}

export type Value = Place &
  (
    | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Value> }
    | { readonly kind: 'array'; readonly items: readonly Value[] }
    | { readonly kind: 'string' | 'number' | 'word'; readonly text: string }
  );

export interface Read {
  readonly root: Value | undefined;
  /** Where the text stops being JSON. */
  readonly brokenAt: number | undefined;
}

export function read(text: string): Read {
  const tree = parser.parse(text);
  let brokenAt: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) brokenAt ??= node.from;
      return brokenAt === undefined;
    },
  });
  const first = tree.topNode.firstChild;
  return { root: first ? value(first, text) : undefined, brokenAt };
}

function value(node: SyntaxNode, text: string): Value | undefined {
  const { from, to } = node;
  const source = text.slice(from, to);
  switch (node.name) {
    case 'Object': {
      const members = new Map<string, Value>();
      for (const property of node.getChildren('Property')) {
        const [name, last] = [property.firstChild, property.lastChild];
        const member = name && last && name.from !== last.from ? value(last, text) : undefined;
        if (name && member) members.set(unquoted(text.slice(name.from, name.to)), member);
      }
      return { kind: 'object', members, from, to };
    }
    case 'Array': {
      const items: Value[] = [];
      for (let child = node.firstChild; child; child = child.nextSibling) {
        const item = value(child, text);
        if (item) items.push(item);
      }
      return { kind: 'array', items, from, to };
    }
    case 'String':
      return { kind: 'string', text: unquoted(source), from, to };
    case 'Number':
      return { kind: 'number', text: source, from, to };
    case 'True':
    case 'False':
    case 'Null':
      return { kind: 'word', text: source, from, to };
    default:
      return undefined;
  }
}

function unquoted(source: string): string {
  try {
    return String(JSON.parse(source));
  } catch {
    return source.replaceAll('"', '');
  }
}

/** `order.invoiceDetail[3].taxRate` as its steps. */
export function steps(path: string): (string | number)[] {
  return Array.from(path.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([all, index]) => (index === undefined ? all : Number(index)));
}

export function child(value: Value | undefined, step: string | number): Value | undefined {
  if (value?.kind === 'object') return value.members.get(String(step));
  if (value?.kind === 'array') return value.items[Number(step)];
  return undefined;
}

export function at(root: Value | undefined, path: string): Value | undefined {
  return steps(path).reduce(child, root);
}

/** What a path leads to, or the nearest thing around it that is there. */
export function nearest(root: Value | undefined, path: string): { value: Value; exact: boolean } | undefined {
  let value = root;
  for (const step of steps(path)) {
    const next = child(value, step);
    if (!next) return value && { value, exact: false };
    value = next;
  }
  return value && { value, exact: true };
}

/** The plain text of a value that is no object or list. */
export function plain(value: Value | undefined): string {
  return value && 'text' in value && value.text !== 'null' ? value.text : '';
}

/** The text with one member set: in its place if it is there, else behind the last one. */
export function withMember(text: string, root: Value | undefined, path: string, literal: string): string {
  const old = at(root, path);
  if (old) return text.slice(0, old.from) + literal + text.slice(old.to);
  const [, parentPath = '', name = ''] = /^(?:(.*)\.)?([^.]+)$/.exec(path) ?? [];
  const parent = parentPath ? at(root, parentPath) : root;
  if (parent?.kind !== 'object') return text;
  const last = [...parent.members.values()].at(-1);
  const place = last?.to ?? parent.from + 1;
  const indent = /\n[ \t]*(?=[^\n]*$)/.exec(text.slice(parent.from, last ? last.from : parent.from))?.[0] ?? ' ';
  return `${text.slice(0, place)}${last ? ',' : ''}${last ? indent : ''}${JSON.stringify(name)}: ${literal}${text.slice(place)}`;
}

/** JSON text on lines of its own, token by token: no value is touched, repeated names stay. */
export function indented(text: string): string {
  let out = '';
  let depth = 0;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const opened = '{['.includes(tokens[index - 1] ?? ' ');
    if ('}]'.includes(token)) {
      depth--;
      out += opened ? token : line() + token;
    } else {
      out += (opened ? line() : '') + token;
      if ('{['.includes(token)) depth++;
      else if (token === ',') out += line();
      else if (token === ':') out += ' ';
    }
  }
  return out;
}
