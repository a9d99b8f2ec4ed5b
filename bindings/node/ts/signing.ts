// Requests that are looked at, not sent: what is signed, the signature, and why another one differs.

import type { Methods } from './api/index.js';
import { type ClientOptions, opener } from './client.js';
import { guarded } from './errors.js';
import { named, type RawCall, type RawSession } from './face.js';
import { paramsText } from './params.js';
import { core } from './tools.js';

/** 要签名的内容 · What is signed. */
export interface ToSign {
  readonly appSecret: string;
  readonly appKey: string;
  /** 接口地址的路径 · The path of the service's address. */
  readonly path: string;
  readonly senid: string;
  readonly nonce: string;
  readonly timestamp: string;
  readonly body: string;
}

/** 签名：待签文本与签名 · Signs: the text that is signed, and the signature. */
export function sign(what: ToSign): { readonly canonical: string; readonly signature: string } {
  const { appSecret, path, appKey, senid, nonce, timestamp, body } = what;
  const [canonical = '', signature = ''] = guarded(() =>
    core().sign(appSecret, path, appKey, senid, nonce, timestamp, body),
  );
  return { canonical, signature };
}

/** 为谁预览 · Whose request is shown. Without a token a placeholder stands in its place. */
export type PreviewOptions = Pick<
  ClientOptions,
  'environment' | 'serviceUrl' | 'tokenUrl' | 'appKey' | 'appSecret' | 'taxNum' | 'serviceProvider'
> & {
  readonly token?: string;
  /** 1970 年起的毫秒，默认现在 · Milliseconds since 1970; now if not said. */
  readonly now?: number;
  /** 20 字节，默认全零：预览每次相同 · 20 bytes; zeros if not said, so that a preview stays the same. */
  readonly entropy?: Uint8Array;
};

/** 待签文本的一段 · A part of what is signed. */
export interface SignedPart {
  /** `a`、`l`、`p`、`k`、`i`、`n`、`t`、`f` */
  readonly name: string;
  readonly value: string;
}

/** 一个不发送的请求；含密钥算出的签名，不含 appSecret · A request that is not sent. Its signature is real, its secret not in it. */
export interface Preview {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** 待签文本，及其各段 · What is signed, and its parts. */
  readonly canonical: string;
  readonly parts: readonly SignedPart[];
  readonly signature: string;
  readonly senid: string;
  readonly nonce: string;
  readonly timestamp: string;
}

/** 预览一个请求：地址、头、请求体、待签文本、签名；不发送 · Shows a request as it would be sent. */
export function preview<M extends keyof Methods>(
  options: PreviewOptions,
  method: M,
  params: Methods[M]['params'] | string,
): Preview {
  const text = typeof params === 'string' ? params : paramsText(params);
  return shown(options, (session) => session.start('call', method, text, typeof params !== 'string'));
}

/** 预览自备的请求体，不检查 · Shows a request with a body of your own, unchecked. */
export function previewRaw(options: PreviewOptions, method: string, body: string): Preview {
  return shown(options, (session) => session.startRaw(method, body));
}

/** 签名不同的一个原因 · A slip that explains a signature. */
export interface Slip {
  /** `escaped_slashes`、`time_unit` …；`unknown` 表示没有找到 · `unknown`: none was found. */
  readonly name: string;
  readonly zh: string;
  readonly en: string;
}

/**
 * “我的签名不一样”：找出原因；签名正确则为空 · “My signature is different”: finds out why. Empty if it is the right one.
 *
 * 试过：密钥前后空白、大小写、用了 appKey；时间单位、各段顺序；`\\/`、`\\uXXXX`、GBK、换行、BOM、重新序列化；Base64 与十六进制等，
 * 以及两处同时出错 · Tries the usual slips in secret, parts, body and encoding, one by one and in pairs.
 */
export function diagnose(what: ToSign, signature: string): readonly Slip[] {
  const { appSecret, path, appKey, senid, nonce, timestamp, body } = what;
  const told = guarded(() =>
    core().diagnose(appSecret, path, appKey, senid, nonce, timestamp, body, signature, gbk(body)),
  );
  return JSON.parse(told) as Slip[];
}

function shown(options: PreviewOptions, start: (session: RawSession) => RawCall): Preview {
  const { token, now = Date.now(), entropy = new Uint8Array(20), ...settings } = options;
  const { appKey, appSecret } = settings;
  const open = opener({ ...settings, permanentToken: token || 'ACCESS-TOKEN' });
  const call = guarded(() => start(open(core()).session));
  const { head = '', body: bytes } = named(guarded(() => call.step(Math.trunc(now), entropy, true)));
  call.end();
  const [url = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const);
  const { pathname: path, searchParams: query } = new URL(url);
  const [senid = '', nonce = '', timestamp = ''] = ['senid', 'nonce', 'timestamp'].map((name) => query.get(name) ?? '');
  const body = new TextDecoder().decode(bytes);
  const { canonical, signature } = sign({ appSecret, appKey, path, senid, nonce, timestamp, body });
  return { url, headers, body, canonical, parts: partsOf(canonical), signature, senid, nonce, timestamp };
}

function partsOf(canonical: string): SignedPart[] {
  const at = canonical.indexOf('&f=');
  const parts = [...canonical.slice(0, at).split('&'), canonical.slice(at + 1)];
  return parts.map((part) => ({ name: part.slice(0, part.indexOf('=')), value: part.slice(part.indexOf('=') + 1) }));
}

let toGbk: Map<string, number> | undefined;

/** The text in GBK, where this platform knows it: it decodes that encoding, so the table is made backwards. */
function gbk(text: string): Uint8Array | undefined {
  if (/^[\x00-\x7f]*$/.test(text)) return undefined;
  try {
    toGbk ??= gbkTable(new TextDecoder('gbk'));
  } catch {
    return undefined;
  }
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const pair = toGbk.get(character);
    if (code < 0x80) bytes.push(code);
    else if (pair === undefined) bytes.push(0x3f);
    else bytes.push(pair >> 8, pair & 0xff);
  }
  return Uint8Array.from(bytes);
}

function gbkTable(decoder: TextDecoder): Map<string, number> {
  const table = new Map<string, number>();
  const pair = new Uint8Array(2);
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      pair.set([high, low]);
      const character = decoder.decode(pair);
      if ([...character].length === 1 && character !== '\ufffd' && !table.has(character)) table.set(character, (high << 8) | low);
    }
  }
  return table;
}
