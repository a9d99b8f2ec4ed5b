// The params: typed, pasted or opened; checked, and drawn as an invoice.

import { signal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { Copy } from '../parts/Copy.js';
import { Editor } from '../parts/Editor.js';
import { Fields } from '../parts/Fields.js';
import { Invoice } from '../parts/Invoice.js';
import { MethodChoice } from '../parts/MethodChoice.js';
import { Violations } from '../parts/Violations.js';
import { indented } from '../json.js';
import { linkTo } from '../link.js';
import { described, method, parsed, take, text, wanted } from '../state.js';
import { say, told } from '../words.js';

const asFields = signal(false);
const opened = signal('');

export function OrderView() {
  const chooser = useRef<HTMLInputElement>(null);
  if (wanted.value) asFields.value = false;
  return (
    <>
      <MethodChoice />
      {described.value && <p class="hint">{told(described.value.doc)}</p>}
      <div class="sides">
        <section aria-labelledby="params">
          <h2 id="params">{say('参数', 'Params')}</h2>
          <div class="row tools">
            <div role="group" aria-label={say('填写方式', 'How to fill in')}>
              <button type="button" class="small outline" aria-pressed={!asFields.value} onClick={() => (asFields.value = false)}>
                JSON
              </button>
              <button type="button" class="small outline" aria-pressed={asFields.value} onClick={() => (asFields.value = true)}>
                {say('字段', 'Fields')}
              </button>
            </div>
            <button type="button" class="small outline secondary" onClick={() => chooser.current?.click()}>
              {say('打开文件', 'Open a file')}
            </button>
            <input type="file" hidden ref={chooser} accept=".json,.txt,application/json" onChange={(event) => void open(event.currentTarget)} />
            <button type="button" class="small outline secondary" disabled={parsed.value.brokenAt !== undefined} onClick={() => (text.value = indented(text.value))}>
              {say('排版', 'Lay out')}
            </button>
            <Copy label={say('复制链接', 'Copy a link')} text={share} />
          </div>
          <p class="hint" role="status">
            {opened.value || say('链接含参数全文，不含密钥和令牌。', 'The link carries all params; no secret, no token.')}
          </p>
          {asFields.value ? <Fields /> : <Editor />}
        </section>
        <div>
          <Violations />
          <Invoice />
        </div>
      </div>
    </>
  );
}

async function share(): Promise<string> {
  const link = await linkTo({ method: method.value, text: text.value });
  history.replaceState(undefined, '', link);
  return link;
}

async function open(input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  if (!file) return;
  const bytes = await file.arrayBuffer();
  try {
    take(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    opened.value = say(`已打开 ${file.name}`, `Opened ${file.name}`);
  } catch {
    take(new TextDecoder('gb18030').decode(bytes));
    opened.value = say(
      `${file.name} 不是 UTF-8，按 GBK 读入；发给平台的请求体必须是 UTF-8`,
      `${file.name} is not UTF-8 and was read as GBK; the body that is sent must be UTF-8`,
    );
  }
  input.value = '';
}
