// The platform's own `fetch`: the default.

import { type Answer, BIGGEST_ANSWER, type OutgoingRequest, type Transport, within } from '../request.js';

/** 用全局 fetch 发送（默认） · Sends with the global `fetch`: the default. */
export function fetchTransport(options: { fetch?: typeof fetch; timeout?: number } = {}): Transport {
  return (request, signal) =>
    within(options.timeout, signal, (ends) => exchange(options.fetch ?? globalThis.fetch, request, ends));
}

async function exchange(send: typeof fetch, request: OutgoingRequest, signal: AbortSignal): Promise<Answer> {
  const headers = request.headers.map(([name, value]): [string, string] => [name, value]);
  const body = request.body as Uint8Array<ArrayBuffer>;
  const response = await send(request.url, { method: 'POST', headers, body, redirect: 'manual', signal });
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > BIGGEST_ANSWER) {
      await reader?.cancel();
      throw new Error('the answer is too big');
    }
    parts.push(part.value);
  }
  return { status: response.status, body: joined(parts, size) };
}

function joined(parts: Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const body = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
