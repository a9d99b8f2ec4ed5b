// What came from the platform: an answer, or a push.

import { signal } from '@preact/signals';
import { documents, NnopenError, readAnswer, readPush } from 'nnopen';

import { model } from '../core.js';
import { Code } from '../parts/Copy.js';
import { MethodSelect } from '../parts/MethodChoice.js';
import { indented } from '../json.js';
import { ISSUE } from '../state.js';
import { say, told } from '../words.js';
import { Fact } from './Codes.js';

const method = signal(ISSUE);
const status = signal('200');
const answer = signal('');
const push = signal('');
const form = signal(false);

export function ReadView() {
  return (
    <div class="sides even">
      <Answer />
      <Push />
    </div>
  );
}

function Answer() {
  const replies = model.methods.find(({ name }) => name === method.value)?.examples.filter(({ reply }) => reply !== undefined) ?? [];
  return (
    <section aria-labelledby="answer" data-test="answer">
      <h2 id="answer">{say('读应答', 'Read an answer')}</h2>
      <MethodSelect value={method.value} onChoose={(name) => (method.value = name)} />
      <div class="row">
        <label class="narrow">
          {say('HTTP 状态', 'HTTP status')}
          <input inputMode="numeric" value={status.value} onInput={(event) => (status.value = event.currentTarget.value)} />
        </label>
        <Examples
          titles={replies.map(({ title }) => told(title))}
          onChoose={(index) => {
            status.value = String(replies[index]?.status ?? 200);
            answer.value = written(replies[index]?.reply);
          }}
        />
      </div>
      <label>
        {say('应答正文', 'Body of the answer')}
        <textarea rows={6} value={answer.value} spellcheck={false} onInput={(event) => (answer.value = event.currentTarget.value)} />
      </label>
      <div role="status">{answer.value && attempt(answerRead)}</div>
    </section>
  );
}

function answerRead() {
  const read = readAnswer(method.value, Number(status.value) || 0, answer.value);
  return (
    <>
      <p class={read.error ? 'bad' : 'good'}>
        <b>{read.code}</b> {read.error ? (read.error.describe ?? read.error.message) : say('成功', 'Success')} {!read.error && read.describe}
      </p>
      {read.error && <Told error={read.error} />}
      {read.result !== null && <Code label={say('结果', 'Result')} text={indented(JSON.stringify(read.result))} />}
      <Files of={read.result} />
    </>
  );
}

function Told({ error }: { error: NnopenError }) {
  return (
    <dl class="facts">
      <Fact name={say('种类', 'Kind')} text={error.kind} />
      <Fact name={say('处理', 'What to do')} text={say(error.hintZh ?? '', error.hintEn ?? '')} />
      <Fact name={say('再试', 'Trying again')} text={error.retry ?? ''} />
    </dl>
  );
}

function Push() {
  const examples = model.pushes.flatMap((kind) => kind.examples.map((example) => ({ title: `${told(kind.title)} · ${told(example.title)}`, push: example.push })));
  return (
    <section aria-labelledby="push" data-test="push">
      <h2 id="push">{say('读回传', 'Read a push')}</h2>
      <Examples titles={examples.map(({ title }) => title)} onChoose={(index) => ((form.value = false), (push.value = written(examples[index]?.push)))} />
      <label>
        <input type="checkbox" role="switch" checked={form.value} onChange={(event) => (form.value = event.currentTarget.checked)} />
        {say('表单（application/x-www-form-urlencoded），不是 JSON', 'A form (application/x-www-form-urlencoded), no JSON')}
      </label>
      <label>
        {say('收到的正文', 'The body as it came')}
        <textarea rows={6} value={push.value} spellcheck={false} onInput={(event) => (push.value = event.currentTarget.value)} />
      </label>
      <div role="status">{push.value && attempt(pushRead)}</div>
    </section>
  );
}

function pushRead() {
  const read = readPush(form.value ? 'application/x-www-form-urlencoded' : 'application/json', push.value);
  const kind = model.pushes.find(({ name }) => name === read.operater);
  return (
    <>
      <p class="good">
        <b>{read.operater}</b> {kind ? told(kind.title) : say('未知的种类', 'a kind that is not known')}
      </p>
      <dl class="facts">
        <Fact name={say('订单号', 'Order number')} text={read.orderNo ?? ''} />
        <Fact name={say('流水号', 'Serial number')} text={read.serialNo ?? ''} />
        <Fact name={say('申请号', 'Application number')} text={read.billNo ?? ''} />
        <Fact name={say('状态', 'Status')} text={[read.statusCode, read.status].filter(Boolean).join(' ')} />
        <Fact name={say('先核实', 'Confirm it by')} text={read.confirm ? `${read.confirm.method} ${JSON.stringify(read.confirm.params)}` : ''} />
      </dl>
      <p class="hint">{say('回传没有签名，只是提示：用上面的查询核实后再处理。', 'A push is not signed: it is a hint. Confirm it by that question before acting on it.')}</p>
      <Code label={say('内容', 'Content')} text={indented(JSON.stringify(read.content))} />
      <Files of={read.content} />
    </>
  );
}

/** The files that an invoice, or the first of some, has. They are named, not fetched. */
function Files({ of }: { of: unknown }) {
  const invoices = (Array.isArray(of) ? of : [of]).filter((one): one is object => typeof one === 'object' && one !== null);
  const files = invoices.slice(0, 50).flatMap((invoice) => documents(invoice));
  if (files.length === 0) return null;
  return (
    <>
      <h3>{say('文件', 'Files')}</h3>
      <ul>
        {files.map((file) => (
          <li key={`${file.field} ${file.url}`}>
            <b>{file.kind.toUpperCase()}</b> {file.original && say('法定原件', 'the legal original')} <code>{file.url}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

function Examples({ titles, onChoose }: { titles: readonly string[]; onChoose: (index: number) => void }) {
  return (
    <label>
      {say('载入例子', 'Load an example')}
      <select data-test="examples" value="" disabled={titles.length === 0} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        <option value="" disabled>
          {titles.length === 0 ? say('没有例子', 'There is none') : say('选择…', 'Choose…')}
        </option>
        {titles.map((title, index) => (
          <option key={index} value={index}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? {}, undefined, 2);
}

/** What cannot be read is told in words. */
function attempt(show: () => preact.JSX.Element): preact.JSX.Element {
  try {
    return show();
  } catch (error) {
    if (!(error instanceof NnopenError)) throw error;
    return <p class="bad">{error.message}</p>;
  }
}
