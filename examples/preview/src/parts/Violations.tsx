// All violations in words: where, which rule, what helps.

import type { Violation } from 'nnopen';
import { useState } from 'preact/hooks';

import { cureOf, messageOf, ruleOf } from '../cures.js';
import { checked, errors, wanted } from '../state.js';
import { say } from '../words.js';

export function Violations() {
  const { violations } = checked.value;
  const warnings = violations.length - errors.value;
  return (
    <section aria-labelledby="violations">
      <h2 id="violations">{say('检查', 'Check')}</h2>
      <p role="status" data-test="summary" class={errors.value > 0 ? 'bad' : 'good'}>
        {errors.value > 0
          ? say(`${errors.value} 处错误，${warnings} 处警告`, `${errors.value} errors, ${warnings} warnings`)
          : say(`没有错误，${warnings} 处警告`, `No errors, ${warnings} warnings`)}
      </p>
      <Some all={[...violations].sort(bySeverity)} />
    </section>
  );
}

function bySeverity(a: Violation, b: Violation): number {
  return Number(b.severity === 'error') - Number(a.severity === 'error');
}

const FIRST = 10;

function Some({ all }: { all: readonly Violation[] }) {
  const [most, setMost] = useState(FIRST);
  return (
    <>
      <ul class="violations" data-test="violations">
        {all.slice(0, most).map((violation) => (
          <One key={`${violation.path} ${violation.rule}`} violation={violation} />
        ))}
      </ul>
      {all.length > most && (
        <button type="button" class="small outline" onClick={() => setMost(most + 50)}>
          {say(`还有 ${all.length - most} 处`, `${all.length - most} more`)}
        </button>
      )}
    </>
  );
}

function One({ violation }: { violation: Violation }) {
  const rule = ruleOf(violation);
  return (
    <li class={violation.severity}>
      <button type="button" class="link" onClick={() => (wanted.value = { path: violation.path })} title={say('到这一处', 'Go there')}>
        {violation.path || say('全文', 'the whole')}
      </button>{' '}
      <Reason violation={violation} />
      {rule && rule !== cureOf(violation) && <p class="rule">{rule}</p>}
    </li>
  );
}

/** What is wrong and what helps, without the place. */
export function Reason({ violation }: { violation: Violation }) {
  return (
    <>
      <span class="tag">
        {violation.severity === 'error' ? say('错误', 'error') : say('警告', 'warning')} {violation.rule}
        {violation.code && ` · ${violation.code}`}
      </span>
      <span class="message">{messageOf(violation)}</span>
      <span class="cure">→ {cureOf(violation)}</span>
    </>
  );
}
