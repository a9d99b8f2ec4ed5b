// The core as WebAssembly, out of the page itself: nothing is fetched.

import { initSync } from 'nnopen';
import { loadModel, type Model } from 'nnopen/model';
import inlined from 'nnopen/nnopen.wasm?inline';

export let model: Model;

export async function start(): Promise<void> {
  initSync(Uint8Array.from(atob(inlined.slice(inlined.indexOf(',') + 1)), (letter) => letter.charCodeAt(0)));
  model = await loadModel();
}
