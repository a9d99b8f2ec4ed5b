// The platform's own `fetch`: the default.

import { type Answer, BIGGEST_ANSWER, failureOf, type OutgoingRequest, PATIENCE, type Transport } from '../request.js';

/** 用全局 fetch 发送（默认） · Sends with the global `fetch`: the default. */
export function fetchTransport(options: { fetch?: typeof fetch; timeout?: number } = {}): Transport {
  return async (request, signal) => {
    const send = options.fetch ?? globalThis.fetch;
    const patience = AbortSignal.timeout(options.timeout ?? PATIENCE);
    const ends = new AbortController();
    const end = (event: Event) => ends.abort((event.target as AbortSignal).reason);
    for (const source of [patience, signal]) {
      if (source?.aborted) ends.abort(source.reason);
      source?.addEventListener('abort', end, { once: true });
    }
    try {
      return await exchange(send, request, ends.signal);
    } catch (thrown) {
      throw failureOf(thrown);
    } finally {
      for (const source of [patience, signal]) source?.removeEventListener('abort', end);
    }
  };
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
