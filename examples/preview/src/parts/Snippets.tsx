// The same request in the languages people write it in, without a library.

import type { Preview } from 'nnopen';
import { useState } from 'preact/hooks';

import { type Asked, SNIPPETS } from '../snippets.js';
import { say } from '../words.js';
import { Code } from './Copy.js';

export function Snippets({ request, ...who }: { request: Preview } & Omit<Asked, 'request'>) {
  const [chosen, choose] = useState(0);
  const { name, write } = SNIPPETS[chosen]!;
  return (
    <section aria-labelledby="snippets" data-test="snippets">
      <h2 id="snippets">{say('代码', 'Code')}</h2>
      <div role="group" aria-label={say('语言', 'Language')} class="languages">
        {SNIPPETS.map((snippet, index) => (
          <button key={snippet.name} type="button" class="small outline" aria-pressed={index === chosen} onClick={() => choose(index)}>
            {snippet.name}
          </button>
        ))}
      </div>
      <p class="hint">
        {name === 'curl'
          ? say('就是上面这一个请求：时间过久会被拒绝。开票请求没有应答时，先按订单号查询，不要直接重发。', 'This very request: refused when its time is long past. Where an issuing request has no answer, ask by order number before sending again.')
          : say('只用标准库；密钥和令牌取自环境变量，时间与随机数每次新取。正式使用请用 SDK：它还会检查、续令牌、查结果。', 'The standard library alone; secret and token come from the environment, time and random numbers are new each time. For real use take the SDK: it also checks, renews tokens and follows results.')}
      </p>
      <Code label={name} text={write({ request, ...who })} />
    </section>
  );
}
