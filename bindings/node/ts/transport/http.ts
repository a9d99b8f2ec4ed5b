// node:http and node:https: header names leave in the platform's exact spelling.

import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';

import { type Answer, BIGGEST_ANSWER, NotSent, PATIENCE, type Transport } from '../request.js';

export interface HttpOptions {
  /** 连接池 · Connections to be used again. */
  agent?: http.Agent | https.Agent;
  /** 另外信任的证书（PEM） · Certificates to be trusted, in PEM form. Verification can't be switched off. */
  ca?: string | readonly string[];
  /** 毫秒 · Milliseconds. */
  timeout?: number;
}

/** 用 node:http(s) 发送 · Sends with node:http(s). */
export function httpTransport(options: HttpOptions = {}): Transport {
  return (request, signal) =>
    new Promise<Answer>((resolve, reject) => {
      let left = false;
      const refuse = (error: Error & { code?: string }) => {
        const why = error.message || error.code || 'no answer';
        reject(left ? Object.assign(new Error(why), { code: error.code }) : new NotSent(why, error.code));
      };
      const secure = request.url.startsWith('https:');
      const sending = (secure ? https : http).request(request.url, {
        method: 'POST',
        headers: Object.fromEntries([...request.headers, ['Content-Length', String(request.body.length)]]),
        ...(options.agent && { agent: options.agent }),
        ...(signal && { signal }),
        ...(secure && { rejectUnauthorized: true, ...(options.ca && { ca: options.ca as string | string[] }) }),
      });
      const patience = setTimeout(() => sending.destroy(new Error('timed out')), options.timeout ?? PATIENCE);
      // What fails before the connection (and its TLS) stands surely was not sent.
      sending.on('socket', (socket: Socket) => {
        const leaves = () => {
          left = true;
          sending.end(request.body);
        };
        if (!socket.connecting && !(secure && !sending.reusedSocket)) leaves();
        else socket.once(secure ? 'secureConnect' : 'connect', leaves);
      });
      sending.on('error', refuse);
      sending.on('close', () => {
        clearTimeout(patience);
        // What ends without an answer and without an error: a protocol switched unasked.
        refuse(new Error('the connection was closed'));
      });
      sending.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > BIGGEST_ANSWER) sending.destroy(new Error('the answer is too big'));
          parts.push(part);
        });
        response.on('aborted', () => refuse(new Error('the connection was closed in the middle of the answer')));
        response.on('error', refuse);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
      });
    });
}
