// What a code means, and what to do.

import { explain } from 'nnopen';
import { signal } from '@preact/signals';

import { say } from '../words.js';

const asked = signal('E9106');

export function Codes() {
  const meanings = asked.value.trim() ? explain(asked.value.trim()) : [];
  return (
    <section aria-labelledby="codes">
      <h2 id="codes">{say('查返回码或状态', 'Look up a code or a status')}</h2>
      <label>
        {say('返回码，如 E9106、070301、22', 'A code, such as E9106, 070301, 22')}
        <input type="search" value={asked.value} autocomplete="off" onInput={(event) => (asked.value = event.currentTarget.value)} />
      </label>
      <div role="status" data-test="meanings">
        {meanings.length === 0 && asked.value.trim() && <p>{say('没有登记这个码：按应答里的说明处理。', 'This code is not known: go by the text of the answer.')}</p>}
        {meanings.map((meaning) => (
          <article key={`${meaning.scope} ${meaning.text}`}>
            <h3>
              <code>{meaning.code}</code> {say(meaning.meaningZh, meaning.meaningEn)}
            </h3>
            <dl class="facts">
              <Fact name={say('平台的话', 'In the platform’s words')} text={meaning.text} />
              <Fact name={say('原因', 'Cause')} text={say(meaning.causeZh, meaning.causeEn)} />
              <Fact name={say('处理', 'What to do')} text={say(meaning.fixZh, meaning.fixEn)} />
              <Fact name={say('范围', 'Scope')} text={meaning.scope} />
              <Fact name={say('再试', 'Trying again')} text={meaning.retry} />
            </dl>
          </article>
        ))}
      </div>
    </section>
  );
}

export function Fact({ name, text }: { name: string; text: string }) {
  return text ? (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  ) : null;
}
