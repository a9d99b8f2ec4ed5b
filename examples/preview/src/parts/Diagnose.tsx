// “My signature is different”: theirs is compared with all usual slips.

import { diagnose, type Preview, type Slip } from 'nnopen';
import { useState } from 'preact/hooks';

import { identity } from '../state.js';
import { say, told } from '../words.js';

export function Diagnose({ request }: { request: Preview }) {
  const [theirs, setTheirs] = useState('');
  const [address, setAddress] = useState('');
  const [body, setBody] = useState('');
  const [slips, setSlips] = useState<readonly Slip[]>();
  const query = new URLSearchParams(address.slice(address.indexOf('?') + 1));
  const ask = () => {
    const { pathname: path } = new URL(request.url);
    setSlips(
      diagnose(
        {
          appSecret: identity.appSecret.value,
          appKey: query.get('appkey') ?? identity.appKey.value,
          path,
          senid: query.get('senid') ?? request.senid,
          nonce: query.get('nonce') ?? request.nonce,
          timestamp: query.get('timestamp') ?? request.timestamp,
          body: body || request.body,
        },
        theirs.trim(),
      ),
    );
  };
  const changed = (set: (value: string) => void) => (event: { currentTarget: { value: string } }) => {
    set(event.currentTarget.value);
    setSlips(undefined);
  };
  return (
    <fieldset class="group" data-test="diagnose">
      <legend>{say('我的签名不一样', 'My signature is different')}</legend>
      <label>
        {say('你的签名（X-Nuonuo-Sign）', 'Your signature (X-Nuonuo-Sign)')}
        <input value={theirs} autocomplete="off" spellcheck={false} onInput={changed(setTheirs)} />
      </label>
      <details>
        <summary>{say('你的请求与这里的不同？粘贴它的地址和请求体', 'Is your request another one? Paste its address and body')}</summary>
        <label>
          {say('地址，含 senid、nonce、timestamp', 'Address, with senid, nonce and timestamp')}
          <input value={address} autocomplete="off" spellcheck={false} placeholder={request.url} onInput={changed(setAddress)} />
        </label>
        <label>
          {say('请求体；空则用这里的', 'Body; the one shown here if empty')}
          <textarea rows={3} value={body} spellcheck={false} onInput={changed(setBody)} />
        </label>
      </details>
      <button type="button" disabled={!theirs.trim()} onClick={ask}>
        {say('找原因', 'Find out why')}
      </button>
      <div role="status" data-test="slips">
        {slips?.length === 0 && <p class="good">{say('签名正确，完全一致。', 'It is right: they are the same.')}</p>}
        {slips && slips.length > 0 && (
          <ul class="bad">
            {slips.map((slip) => (
              <li key={slip.name}>
                {told(slip)} <code>{slip.name}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </fieldset>
  );
}
