// The page's frame: what it is, its four views, language and theme.

import { errors, type Theme, theme, type View, view } from './state.js';
import { Codes } from './views/Codes.js';
import { OrderView } from './views/Order.js';
import { ReadView } from './views/Read.js';
import { RequestView } from './views/Request.js';
import { keep, type Lang, lang, say } from './words.js';

const VIEWS: { readonly [name in View]: () => preact.JSX.Element } = {
  order: OrderView,
  request: RequestView,
  read: ReadView,
  codes: Codes,
};

export function App() {
  const Shown = VIEWS[view.value];
  return (
    <>
      <header class="top">
        <div class="brand">
          <h1>
            nnopen <span>{say('开票请求预览', 'request preview')}</span>
          </h1>
          <p>
            {say('在本页内完成，不联网、不保存', 'All happens in this page: nothing is sent, nothing is kept')}
          </p>
        </div>
        <div class="choices">
          <select aria-label={say('配色', 'Theme')} value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
            <option value="auto">{say('跟随系统', 'As the system')}</option>
            <option value="light">{say('浅色', 'Light')}</option>
            <option value="dark">{say('深色', 'Dark')}</option>
          </select>
          <select aria-label="语言 · Language" value={lang.value} onChange={(event) => speak(event.currentTarget.value as Lang)}>
            <option value="zh">中文</option>
            <option value="en">English</option>
          </select>
        </div>
      </header>
      <nav class="views" aria-label={say('视图', 'Views')}>
        <Choice name="order">
          {say('参数与发票', 'Order & invoice')}
          {errors.value > 0 && <span class="badge">{errors.value}</span>}
        </Choice>
        <Choice name="request">{say('请求与签名', 'Request & signature')}</Choice>
        <Choice name="read">{say('应答与回传', 'Answers & pushes')}</Choice>
        <Choice name="codes">{say('查返回码', 'Codes')}</Choice>
      </nav>
      <main>
        <Shown />
      </main>
    </>
  );
}

function Choice({ name, children }: { name: View; children: preact.ComponentChildren }) {
  return (
    <button type="button" data-view={name} aria-current={view.value === name ? 'page' : undefined} onClick={() => (view.value = name)}>
      {children}
    </button>
  );
}

function speak(chosen: Lang): void {
  lang.value = chosen;
  keep('lang', chosen);
}
