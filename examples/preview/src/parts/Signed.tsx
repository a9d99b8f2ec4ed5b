// The string to sign, its parts in colours, each explained.

import type { Preview } from 'nnopen';

import { say } from '../words.js';
import { Code, Copy, shortened } from './Copy.js';

const PARTS: { readonly [name: string]: readonly [zh: string, en: string] } = {
  a: ['地址的最后一段', 'the last part of the path'],
  l: ['地址的第二段', 'the second part of the path'],
  p: ['地址的第一段', 'the first part of the path'],
  k: ['appKey', 'appKey'],
  i: ['senid：32 位十六进制，每次新取', 'senid: 32 hex digits, new each time'],
  n: ['nonce：8 位随机数字，每次新取', 'nonce: 8 random digits, new each time'],
  t: ['timestamp：1970 年起的秒，不是毫秒', 'timestamp: seconds since 1970, no milliseconds'],
  f: ['请求体原文，与发送的逐字节相同', 'the body, byte for byte as it is sent'],
};

export function Signed({ request }: { request: Preview }) {
  return (
    <>
      <figure class="code">
        <figcaption>
          <span>{say('待签文本：各段按此顺序，不排序、不做 URL 编码', 'What is signed: the parts in this order, neither sorted nor URL-encoded')}</span>
          <Copy text={request.canonical} />
        </figcaption>
        <pre tabIndex={0} role="region" aria-label={say('待签文本', 'What is signed')} data-test="canonical">
          {request.parts.map(({ name, value }, index) => (
            <span key={name}>
              {index > 0 && '&'}
              <span class={`part part-${name}`}>
                {name}={shortened(value)}
              </span>
            </span>
          ))}
        </pre>
      </figure>
      <dl class="legend">
        {request.parts.map(({ name }) => (
          <div key={name}>
            <dt>
              <span class={`part part-${name}`}>{name}</span>
            </dt>
            <dd>{say(...PARTS[name]!)}</dd>
          </div>
        ))}
      </dl>
      <Code label={say('签名 = Base64(HMAC-SHA1(appSecret, 待签文本))，放在 X-Nuonuo-Sign', 'Signature = Base64(HMAC-SHA1(appSecret, what is signed)), in X-Nuonuo-Sign')} text={request.signature} />
    </>
  );
}
