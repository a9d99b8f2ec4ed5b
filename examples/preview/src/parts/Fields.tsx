// The params as fields: what the method knows, what is filled in, what is wrong beside it.

import type { ModelField } from 'nnopen/model';
import { useState } from 'preact/hooks';

import { model } from '../core.js';
import { child, plain, type Value, withMember } from '../json.js';
import { checked, described, parsed, text } from '../state.js';
import { say, told } from '../words.js';
import { Reason } from './Violations.js';

export function Fields() {
  if (parsed.value.brokenAt !== undefined) {
    return <p class="bad">{say('先改正 JSON 的语法，再按字段填写。', 'Mend the syntax of the JSON first.')}</p>;
  }
  if (!described.value || described.value.params.length === 0) {
    return <p>{say('这个接口没有登记字段，请在 JSON 中填写。', 'The fields of this method are not known: use the JSON.')}</p>;
  }
  return <Members fields={described.value.params} value={parsed.value.root} path="" />;
}

function Members({ fields, value, path }: { fields: readonly ModelField[]; value: Value | undefined; path: string }) {
  const full = (name: string) => (path ? `${path}.${name}` : name);
  const wrong = new Set(checked.value.violations.map((violation) => violation.path));
  const shown = fields.filter(({ name, need }) => child(value, name) || need === 'yes' || wrong.has(full(name)));
  const others = fields.filter((field) => !shown.includes(field));
  return (
    <div class="fields">
      {shown.map((field) => (
        <Member key={field.name} field={field} value={child(value, field.name)} path={full(field.name)} />
      ))}
      {others.length > 0 && (
        <label class="add">
          {say('添加字段', 'Add a field')}
          <select value="" onChange={(event) => put(full(event.currentTarget.value), empty(others.find(({ name }) => name === event.currentTarget.value)!))}>
            <option value="">{say('选择…', 'Choose…')}</option>
            {others.map(({ name, zh, en }) => (
              <option key={name} value={name}>
                {name} · {brief({ zh, en })}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

function Member({ field, value, path }: { field: ModelField; value: Value | undefined; path: string }) {
  const inner = /^list<(.+)>$/.exec(field.type)?.[1];
  const shapes = described.value?.shapes ?? {};
  const shape = shapes[inner ?? field.type];
  if (!shape) return inner || field.type === 'json' ? <Elsewhere field={field} path={path} /> : <Scalar field={field} value={value} path={path} />;
  return (
    <fieldset class="group">
      <legend>
        {brief(field)} <code>{field.name}</code>
      </legend>
      <Wrong path={path} id={`${path}-wrong`} />
      {!value ? (
        <button type="button" class="small outline" onClick={() => put(path, empty(field))}>
          {say('添加', 'Add')}
        </button>
      ) : inner ? (
        <Items shape={shape} list={value} path={path} />
      ) : (
        <Members fields={shape} value={value} path={path} />
      )}
    </fieldset>
  );
}

/** One item at a time, so that 2000 are no more work than two. */
function Items({ shape, list, path }: { shape: readonly ModelField[]; list: Value; path: string }) {
  const [chosen, choose] = useState(0);
  const count = list.kind === 'array' ? list.items.length : 0;
  const index = Math.min(chosen, Math.max(0, count - 1));
  const bad = [...new Set(checked.value.violations.filter((one) => one.severity === 'error' && one.path.startsWith(`${path}[`)).map((one) => Number(/\d+/.exec(one.path.slice(path.length))?.[0])))];
  const next = bad.find((at) => at > index) ?? bad[0];
  return (
    <>
      <div class="row pager">
        <button type="button" class="small outline" disabled={index === 0} onClick={() => choose(index - 1)}>
          {say('上一项', 'Previous')}
        </button>
        <span role="status">{say(`第 ${index + 1} 项，共 ${count} 项`, `${index + 1} of ${count}`)}</span>
        <button type="button" class="small outline" disabled={index + 1 >= count} onClick={() => choose(index + 1)}>
          {say('下一项', 'Next')}
        </button>
        {next !== undefined && (
          <button type="button" class="small outline" onClick={() => choose(next)}>
            {say(`有错误的项（${bad.length}）`, `Next with errors (${bad.length})`)}
          </button>
        )}
      </div>
      {count > 0 && <Members fields={shape} value={child(list, index)} path={`${path}[${index}]`} />}
    </>
  );
}

function Scalar({ field, value, path }: { field: ModelField; value: Value | undefined; path: string }) {
  const codes = model.enums[/^code<(.+)>$/.exec(field.type)?.[1] ?? '']?.codes;
  const has = checked.value.violations.some((violation) => violation.path === path);
  const attributes = {
    id: path,
    'aria-invalid': checked.value.violations.some((one) => one.path === path && one.severity === 'error') || undefined,
    'aria-describedby': has ? `${path}-wrong` : undefined,
  };
  const now = plain(value);
  const set = (given: string) => put(path, literal(given, value));
  return (
    <div class="field">
      <label for={path} title={told(field)}>
        {brief(field)} <code>{field.name}</code>
        {field.need === 'yes' && <span class="needed">{say('必填', 'needed')}</span>}
      </label>
      {codes ? (
        <select {...attributes} value={now} onChange={(event) => set(event.currentTarget.value)}>
          {!codes.some(({ code }) => code === now) && <option value={now}>{now}</option>}
          {codes.map((one) => (
            <option key={one.code} value={one.code}>
              {one.code} {told(one)}
            </option>
          ))}
        </select>
      ) : (
        <input {...attributes} value={now} autocomplete="off" onChange={(event) => set(event.currentTarget.value)} />
      )}
      <Wrong path={path} id={`${path}-wrong`} />
    </div>
  );
}

function Elsewhere({ field, path }: { field: ModelField; path: string }) {
  return (
    <div class="field">
      <span>
        {brief(field)} <code>{field.name}</code>
      </span>
      <small>{say('在 JSON 中填写', 'Filled in as JSON')}</small>
      <Wrong path={path} id={`${path}-wrong`} />
    </div>
  );
}

function Wrong({ path, id }: { path: string; id: string }) {
  const wrong = checked.value.violations.filter((violation) => violation.path === path);
  if (wrong.length === 0) return null;
  return (
    <small id={id} class="wrong">
      {wrong.map((violation) => (
        <span key={violation.rule} class={violation.severity}>
          <Reason violation={violation} />
        </span>
      ))}
    </small>
  );
}

function put(path: string, json: string): void {
  text.value = withMember(text.value, parsed.value.root, path, json);
}

/** A number stays one, as long as it is one. */
function literal(given: string, old: Value | undefined): string {
  return old?.kind === 'number' && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(given) ? given : JSON.stringify(given);
}

function empty({ type }: ModelField): string {
  if (type.startsWith('list<')) return described.value?.shapes[type.slice(5, -1)] ? '[{}]' : '[]';
  return described.value?.shapes[type] || type === 'json' ? '{}' : '""';
}

/** The first words of what a field means; the whole is its title. */
function brief(words: { zh: string; en: string }): string {
  const [first = ''] = told(words).split(say('；', ';'));
  return first.split(/[，。：（(,:]|\. /)[0]!.trim();
}
