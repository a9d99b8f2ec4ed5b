// The request as it would be sent: address, headers, body, what is signed, the signature.

import { computed, signal } from '@preact/signals';
import { NnopenError, type Preview, preview, previewRaw } from 'nnopen';

import { Code } from '../parts/Copy.js';
import { Diagnose } from '../parts/Diagnose.js';
import { Identity } from '../parts/Identity.js';
import { MethodChoice } from '../parts/MethodChoice.js';
import { Signed } from '../parts/Signed.js';
import { Snippets } from '../parts/Snippets.js';
import { errors, freshStamp, identity, method, stamp, text, view } from '../state.js';
import { say } from '../words.js';

/** The text as it is in place of the checked body. */
const unchecked = signal(false);

const shown = computed<Preview | NnopenError>(() => {
  const { environment, appKey, appSecret, taxNum, token } = identity;
  const options = {
    environment: environment.value,
    appKey: appKey.value,
    appSecret: appSecret.value,
    taxNum: taxNum.value,
    token: token.value,
    ...stamp.value,
  };
  try {
    if (unchecked.value) return previewRaw(options, method.value, text.value);
    return preview(options, method.value as Parameters<typeof preview>[1], text.value);
  } catch (error) {
    if (error instanceof NnopenError) return error;
    throw error;
  }
});

export function RequestView() {
  const request = shown.value;
  return (
    <>
      <MethodChoice />
      <div class="sides">
        <div>
          <Identity />
          <div class="row tools">
            <button type="button" class="small" onClick={() => (stamp.value = freshStamp())}>
              {say('重新生成时间与随机数', 'New time and random numbers')}
            </button>
            <label>
              <input type="checkbox" role="switch" checked={unchecked.value} onChange={(event) => (unchecked.value = event.currentTarget.checked)} />
              {say('请求体用原文，不检查', 'The text as it is, unchecked')}
            </label>
          </div>
          {!(request instanceof NnopenError) && <Diagnose request={request} />}
        </div>
        <div>{request instanceof NnopenError ? <Refused error={request} /> : <Whole request={request} />}</div>
      </div>
    </>
  );
}

function Refused({ error }: { error: NnopenError }) {
  return (
    <section role="status" class="bad" data-test="refused">
      <p>{say('这个请求不会发出：', 'This request would not be sent:')}</p>
      <ul>
        {error.violations.slice(0, 10).map((violation) => (
          <li key={`${violation.path} ${violation.rule}`}>
            <code>{violation.path}</code> {say(violation.message, violation.messageEn)}
          </li>
        ))}
      </ul>
      {errors.value > 0 && (
        <button type="button" class="small" onClick={() => (view.value = 'order')}>
          {say('去改正参数', 'Mend the params')}
        </button>
      )}
    </section>
  );
}

function Whole({ request }: { request: Preview }) {
  return (
    <section aria-labelledby="request" data-test="request">
      <h2 id="request">{say('请求', 'The request')}</h2>
      <Code label={say('地址', 'Address')} text={`POST ${request.url}`} />
      <Code label={say('请求头', 'Headers')} text={request.headers.map(([name, value]) => `${name}: ${value}`).join('\n')} />
      <Code label={say(`请求体，${bytes(request.body)} 字节，一个字节也不能改`, `Body, ${bytes(request.body)} bytes, none of which may change`)} text={request.body} />
      <Signed request={request} />
      <Snippets request={request} method={method.value} taxNum={identity.taxNum.value} appKey={identity.appKey.value} />
    </section>
  );
}

function bytes(body: string): number {
  return new TextEncoder().encode(body).length;
}
