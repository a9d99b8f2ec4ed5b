// Who asks. It stays in memory, and goes with the page.

import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';

import { identity } from '../state.js';
import { say } from '../words.js';

export function Identity() {
  const [seen, see] = useState(false);
  return (
    <fieldset class="group">
      <legend>{say('身份', 'Who asks')}</legend>
      <p class="hint">
        {say('现在是模拟器的示例账号。换成自己的也只在内存里：不保存、不进链接、不发出。', 'This is the simulator’s account. Your own stays in memory too: not kept, in no link, sent nowhere.')}
      </p>
      <div class="fields">
        <div class="field">
          <label for="environment">{say('环境', 'Environment')}</label>
          <select id="environment" value={identity.environment.value} onChange={(event) => (identity.environment.value = event.currentTarget.value as 'sandbox' | 'production')}>
            <option value="sandbox">{say('沙箱', 'sandbox')}</option>
            <option value="production">{say('正式', 'production')}</option>
          </select>
        </div>
        <Text name="appKey" held={identity.appKey} />
        <Text name="appSecret" held={identity.appSecret} hidden={!seen} />
        <Text name="userTax" held={identity.taxNum} />
        <Text name="accessToken" held={identity.token} hidden={!seen} hint={say('可空：用 ACCESS-TOKEN 占位', 'May be empty: ACCESS-TOKEN stands in')} />
        <label>
          <input type="checkbox" checked={seen} onChange={(event) => see(event.currentTarget.checked)} />
          {say('显示密钥与令牌', 'Show secret and token')}
        </label>
      </div>
    </fieldset>
  );
}

function Text({ name, held, hidden = false, hint }: { name: string; held: Signal<string>; hidden?: boolean; hint?: string }) {
  return (
    <div class="field">
      <label for={name}>{name}</label>
      <input
        id={name}
        type={(hidden ? 'password' : 'text') as 'text'}
        autocomplete="off"
        spellcheck={false}
        placeholder={hint}
        value={held.value}
        onInput={(event) => (held.value = event.currentTarget.value)}
      />
    </div>
  );
}
