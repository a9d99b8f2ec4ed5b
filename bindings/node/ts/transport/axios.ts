// An axios instance of the caller's own.

import { BIGGEST_ANSWER, PATIENCE, type Transport, within } from '../request.js';

/** axios 实例中用到的部分 · The part of an axios instance that is used. */
export interface AxiosLike {
  request(config: {
    method: 'POST';
    url: string;
    headers: Record<string, string>;
    data: Uint8Array;
    responseType: 'arraybuffer';
    maxRedirects: 0;
    maxContentLength: number;
    maxBodyLength: number;
    timeout: number;
    validateStatus: () => true;
    transformRequest: ((data: Uint8Array) => Uint8Array)[];
    transformResponse: ((data: unknown) => unknown)[];
    signal?: AbortSignal;
  }): Promise<{ status: number; data: unknown }>;
}

/**
 * 用 axios 发送 · Sends with axios, the body untouched. Its proxy and agents are yours; interceptors must not touch the
 * body.
 */
export function axiosTransport(axios: AxiosLike, options: { timeout?: number } = {}): Transport {
  return (request, signal) =>
    // axios' own timeout is one for the pauses, and an unasked switch of protocols leaves it waiting.
    within(options.timeout, signal, async (ends) => {
      const response = await axios.request({
        method: 'POST',
        url: request.url,
        headers: Object.fromEntries(request.headers),
        data: request.body,
        responseType: 'arraybuffer',
        maxRedirects: 0,
        maxContentLength: BIGGEST_ANSWER,
        maxBodyLength: Number.POSITIVE_INFINITY,
        timeout: options.timeout ?? PATIENCE,
        validateStatus: () => true,
        transformRequest: [(data) => data],
        transformResponse: [(data) => data],
        signal: ends,
      });
      return { status: response.status, body: new Uint8Array(response.data as ArrayBuffer) };
    });
}
