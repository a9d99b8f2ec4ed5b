import '@picocss/pico/css/pico.min.css';
import './style.css';

import { render } from 'preact';

import { start } from './core.js';
import { sharedIn } from './link.js';

await start();
const { App } = await import('./App.js');
const { choose, method, take } = await import('./state.js');

async function takeLink(): Promise<void> {
  const shared = await sharedIn(location.hash);
  if (!shared) return;
  method.value = shared.method;
  take(shared.text);
}

choose(method.value);
await takeLink();
addEventListener('hashchange', () => void takeLink());
render(<App />, document.querySelector('#app')!);
