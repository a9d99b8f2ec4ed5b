// Plays tests/vectors over one build of the core, in Node or in a page.

import { translated } from '../../dist/esm/errors.js';
import { named } from '../../dist/esm/face.js';
import { Obj, parse, token, write } from './json.mjs';

/** How a thing is shown; Node has more to show than a page. */
let shown = (thing) => JSON.stringify(thing);

export function showBy(inspect) {
  shown = inspect;
}

const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A conversation. */
export function playCall(face, vector) {
  const mustFail = vector.get('start_error');
  let sessions;
  let calls;
  try {
    sessions = (vector.get('sessions') ?? [vector.get('session')]).map((session) => open(face, session));
    if (vector.has('snapshot')) sessions[0].restore(write(vector.get('snapshot')));
    calls = (vector.get('calls') ?? []).map((call) => start(sessions[Number(token(call.get('session')) ?? 0)], call));
  } catch (thrown) {
    if (!mustFail) throw thrown;
    return sameError(mustFail, thrown);
  }
  if (mustFail) throw new Error(`begun, though ${write(mustFail)} must come`);
  const script = vector.get('script') ?? [];
  if (script.length === 0) throw new Error('the script is empty');
  const store = new Store(vector.get('store'));
  script.forEach((line, at) => {
    try {
      playLine(sessions, calls, store, at, line);
    } catch (thrown) {
      throw new Error(`line ${at}: ${thrown.message}`);
    }
  });
}

export function open(face, session) {
  const text = (name) => token(session?.get(name));
  return new face.Session(
    text('environment') ?? '',
    text('service_url'),
    text('token_url'),
    text('app_key') ?? '',
    text('app_secret') ?? '',
    text('tax_num') ?? '',
    text('role') === 'service_provider',
    text('permanent_token'),
    session?.get('shared') === true,
  );
}

function start(session, call) {
  const [word, method] = call.members[0];
  const params = call.get('params');
  const text = typeof params === 'string' ? params : write(params);
  const modes = { call: 'call', poll: 'poll', settle: 'settle', resume: 'settle_again' };
  if (modes[word]) return session.start(modes[word], token(method), text, false);
  if (word === 'raw') return session.startRaw(token(method), token(call.get('body')) ?? '');
  if (word !== 'sign_in') throw new Error(`${word} starts no call`);
  const code = method instanceof Obj ? method.get('authorization_code') : undefined;
  if (code) return session.signIn('authorization_code', ...['code', 'tax_num', 'redirect_uri'].map((name) => token(code.get(name)) ?? ''));
  return session.signIn(method === 'refresh' ? 'refresh' : 'client_credentials', '', '', '');
}

function playLine(sessions, calls, store, at, line) {
  if (line.has('snapshot')) {
    const session = sessions[Number(token(line.get('session')) ?? 0)];
    return sameMembers(line.get('snapshot'), parse(session.snapshot()), 'snapshot');
  }
  if (line.has('store')) return store.isAs(line.get('store'));
  const index = Number(token(line.get('call')) ?? 0);
  const now = Number(line.get('now').text);
  const call = calls[index];
  if (!call) throw new Error('there is no such call');
  if (line.has('drop')) {
    call.end();
    calls[index] = undefined;
    return undefined;
  }
  if (line.has('step')) return sameStep(line.get('step'), () => named(call.step(now, entropy(line, at), false)), index, store);
  const tell = () => {
    if (line.has('loaded')) return call.loaded(store.version, store.bytes, now);
    if (line.has('load_failed')) return call.storeFailed('the store is away', now);
    const swapped = line.get('swapped');
    if (typeof swapped === 'boolean') {
      same('what the store says', swapped, store.swap(index));
      return call.swapped(swapped, now);
    }
    if (swapped !== undefined) {
      if (swapped === 'lost_after') store.swap(index);
      store.swapping.delete(index);
      return call.storeFailed('the store is away', now);
    }
    return answerOrNone(call, line, now);
  };
  return toldAs(line, tell);
}

/** What came of the request sent last: an answer or none. */
export function answerOrNone(machine, line, now) {
  if (line.has('receive')) {
    const answer = line.get('receive');
    const body = answer.get('body');
    const text = typeof body === 'string' ? body : body === undefined ? '' : write(body);
    return machine.receive(Number(answer.get('status').text), bytesOf(text), now);
  }
  const fail = line.get('fail');
  if (fail !== 'not_sent' && fail !== 'maybe_sent') throw new Error('the line says nothing');
  return machine.fail(fail === 'not_sent', 'no answer', now);
}

/** A verb that must pass, or be refused as the line says. */
export function toldAs(line, tell) {
  const expected = line.get('error');
  let told;
  try {
    told = tell();
  } catch (thrown) {
    if (!expected) throw thrown;
    return sameError(expected, thrown);
  }
  if (expected) throw new Error(`${write(expected)} must come, nothing came`);
  return told;
}

/** The store that all sessions of a vector share. */
class Store {
  version = 0;
  bytes = new Uint8Array();
  /** The swap that each call has asked for. */
  swapping = new Map();

  constructor(told) {
    if (!told) return;
    const record = told.get('record');
    this.version = Number(token(told.get('version')) ?? 0);
    this.bytes = bytesOf(typeof record === 'string' ? record : record === undefined ? '' : write(record));
  }

  swap(index) {
    const [version, bytes] = this.swapping.get(index) ?? [];
    if (version === undefined) throw new Error('no swap was asked for');
    this.swapping.delete(index);
    if (version !== this.version) return false;
    this.version += 1;
    this.bytes = bytes;
    return true;
  }

  isAs(expected) {
    same('the version in the store', token(expected.get('version')), String(this.version));
    sameMembers(expected.get('record'), parse(textOf(this.bytes)), 'store');
  }
}

export function entropy(line, at) {
  const hex = token(line.get('entropy'));
  return hex === undefined ? new Uint8Array(20).fill((at % 255) + 1) : fromHex(hex);
}

export function sameStep(expected, step, index, store) {
  const [[word, value], ...more] = expected.members;
  if (more.length > 0) throw new Error('a step must say one thing');
  let ours;
  try {
    ours = step();
  } catch (thrown) {
    if (word !== 'error') throw new Error(`${write(expected)} must come, ${thrown.message} came`);
    return sameError(value, thrown);
  }
  if (word === 'load' && ours.version === -1 && ours.body === undefined) return undefined;
  if (word === 'swap' && ours.version >= 0) {
    same('version', token(value.get('version')), String(ours.version));
    store.swapping.set(index, [ours.version, ours.body]);
    return sameMembers(value.get('record'), parse(textOf(ours.body)), 'record');
  }
  if (word === 'send' && ours.head !== undefined) {
    if (value.members.length !== 3) throw new Error('a send must tell url, headers and body');
    const [url, ...headers] = ours.head.split('\n');
    const pairs = headers.map((header) => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 2)]);
    same('url', value.get('url'), url);
    same('headers', write(value.get('headers')), write(pairs));
    return same('body', value.get('body'), textOf(ours.body));
  }
  if (word === 'wait' && ours.until !== undefined) return same('wait', token(value), String(ours.until));
  if (word === 'done' && ours.result !== undefined) return same('done', write(value), ours.result);
  throw new Error(`${write(expected)} must come, ${shown(ours)} came`);
}

export function sameError(expected, thrown) {
  const error = translated(thrown);
  same('kind', token(expected.get('kind')), error.kind);
  if (expected.has('code')) same('code', token(expected.get('code')), error.code);
  if (expected.has('retry_at')) same('retry_at', token(expected.get('retry_at')), error.retryAt?.toString());
  if (expected.has('paths')) {
    const paths = error.violations.filter((violation) => violation.severity === 'error').map(({ path }) => path);
    same('paths', write(expected.get('paths')), write(paths));
  }
  const texts = [thrown.message, error.message, error.stack, shown(error), JSON.stringify(error), `${error}`, JSON.stringify(error.result)];
  for (const secret of expected.get('without') ?? []) {
    if (texts.some((text) => text?.includes(secret))) throw new Error('a secret stands in the error');
  }
}

export function sameMembers(expected, ours, path) {
  if (!(expected instanceof Obj)) return same(path, write(expected), write(ours));
  for (const [name, value] of expected.members) {
    if (!(ours instanceof Obj) || !ours.has(name)) throw new Error(`${path}.${name} is missing`);
    sameMembers(value, ours.get(name), `${path}.${name}`);
  }
  return undefined;
}

/** What is signed, and the signature. */
export function playSign(face, vector) {
  const text = (name) => whole(vector.get(name));
  const path = vector.get('path');
  const [canonical, signature] = face.sign(
    text('app_secret'),
    Array.isArray(path) ? path.map((piece) => `/${whole(piece)}`).join('') : whole(path),
    ...['app_key', 'senid', 'nonce', 'timestamp', 'body'].map(text),
  );
  same('canonical', text('canonical'), canonical);
  same('signature', text('signature'), signature);
}

/** All that is wrong with params; the same, the codes included. */
export const playCheck = (face, vector) => playChecked(face, vector, false);
export const playOrder = (face, vector) => playChecked(face, vector, true);

function playChecked(face, vector, codes) {
  const params = vector.get('params');
  const long = typeof params === 'string' || (params instanceof Obj && params.has('times'));
  const text = long ? whole(params) : write(params);
  const { violations } = JSON.parse(face.check(token(vector.get('method')), text, false));
  const line = ({ path, rule, severity, code }) => `${severity} ${rule} at ${path ?? ''} ${(codes && code) || ''}`;
  if (vector.has('violations')) {
    const theirs = vector.get('violations').map((told) => line(Object.fromEntries(told.members)));
    same('violations', theirs.sort().join('\n'), violations.map(line).sort().join('\n'));
  } else if (!vector.has('ok')) {
    throw new Error('nothing is expected');
  }
  if (vector.has('ok')) same('ok', vector.get('ok'), violations.every(({ severity }) => severity !== 'error'));
}

/** Lines and their three amounts, or the member at fault. */
export function playAmounts(face, vector) {
  const cases = vector.get('cases') ?? [];
  if (cases.length === 0) throw new Error('there are no cases');
  for (const told of cases) {
    let ours;
    try {
      ours = face.amounts(write(told.get('line')), false);
    } catch (thrown) {
      ours = translated(thrown).violations[0]?.path;
    }
    same(`the amounts of ${write(told.get('line'))}`, write(told.get('amounts') ?? told.get('fault')), JSON.stringify(ours));
  }
}

/** An answer, a token answer, a return from the authorize page: and what it means. */
export function playReply(face, vector) {
  const method = token(vector.get('method')) ?? '';
  const body = vector.get('body');
  const text = typeof body === 'string' ? body : body === undefined ? '' : write(body);
  const status = Number(token(vector.get('status')) ?? 200);
  const readers = { accessToken: readToken, authorize: readReturn };
  const read = readers[method] ?? readAnswer;
  expectAll(vector.get('expect'), read(face, vector, method, status, text));
}

function readAnswer(face, _vector, method, status, text) {
  const { failure, ...answer } = JSON.parse(face.read(method, status, bytesOf(text)));
  return { ok: failure === null, kind: failure?.kind ?? null, ...answer };
}

function readToken(face, vector, _method, status, text) {
  const now = 1_700_000_000_000;
  const session = provider(face, vector);
  const call = session.signIn('authorization_code', 'C1-secret', '339901999999142', 'https://example.com');
  call.step(now, new Uint8Array(20).fill(1), true);
  try {
    call.receive(status, bytesOf(text), now);
    call.step(now, new Uint8Array(20).fill(2), true);
  } catch (thrown) {
    return refused(thrown);
  }
  const { access, refresh, userId, taxNum, expiresAt } = JSON.parse(session.snapshot()).token;
  const expiresIn = expiresAt === null ? null : String((expiresAt - now) / 1000);
  return { ok: true, kind: null, code: null, result: { access, refresh, userId, taxNum, expiresIn } };
}

function readReturn(face, vector, _method, _status, url) {
  try {
    const told = provider(face, vector).readReturn(url, token(vector.get('state')) ?? '');
    const { stateMatched, ...result } = JSON.parse(told);
    return { ok: stateMatched, kind: stateMatched ? null : 'auth', result, stateless: !stateMatched };
  } catch (thrown) {
    return { ...refused(thrown), stateless: false };
  }
}

function provider(face, vector) {
  const secret = token(vector.get('app_secret')) ?? 'SD00000000000001';
  return new face.Session('sandbox', undefined, undefined, 'SD00000001', secret, '339901999999142', true, undefined, false);
}

/** What the platform sends us unasked. */
export function playPush(face, vector) {
  const hex = token(vector.get('body_hex'));
  const body = vector.get('body');
  const text = typeof body === 'string' ? body : body === undefined ? '' : write(body);
  const bytes = hex === undefined ? bytesOf(text) : fromHex(hex);
  let ours;
  try {
    ours = { ok: true, ...JSON.parse(face.readPush(token(vector.get('content_type')) ?? '', bytes)) };
  } catch (thrown) {
    ours = refused(thrown);
  }
  expectAll(vector.get('expect'), ours);
}

function refused(thrown) {
  const { kind, code, describe } = translated(thrown);
  return { ok: false, kind, code: code ?? null, describe, result: null };
}

function expectAll(expect, ours) {
  if (!expect || expect.members.length === 0) throw new Error('nothing is expected');
  for (const [name, theirs] of expect.members) {
    if (name === 'without') {
      const told = JSON.stringify(ours);
      for (const secret of theirs) if (told.includes(token(secret))) throw new Error(`${secret} stands in ${told}`);
    } else if (!(name in ours)) {
      throw new Error(`${name} is expected, but not told`);
    } else {
      same(name, write(theirs, true), JSON.stringify(ours[name]));
    }
  }
}

/** A text, or one that is told as prefix, a part repeated, and suffix. */
function whole(value) {
  if (!(value instanceof Obj)) return token(value) ?? '';
  const text = (name) => token(value.get(name)) ?? '';
  return text('prefix') + text('repeat').repeat(Number(text('times') || 0)) + text('suffix');
}

export function same(what, theirs, ours) {
  if ((theirs ?? null) !== (ours ?? null)) throw new Error(`${what} must be\n  ${theirs}\nis\n  ${ours}`);
}

/** The files that an invoice names. */
export function playDocuments(face, vector) {
  if (!vector.has('documents')) throw new Error('nothing is expected');
  same('documents', write(vector.get('documents')), face.documents(write(vector.get('invoice'))));
}
