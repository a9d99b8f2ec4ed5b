// The page's two languages. Every text stands where it is used, in both.

import { effect, signal } from '@preact/signals';

export type Lang = 'zh' | 'en';

export const lang = signal<Lang>(kept('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));

effect(() => {
  document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en';
  document.title = say('诺诺开票请求预览 · nnopen', 'Nuonuo request preview · nnopen');
});

export function say(zh: string, en: string): string {
  return lang.value === 'zh' ? zh : en;
}

/** Texts that come in both languages from the model. */
export function told(words: { zh: string; en: string }): string {
  return say(words.zh, words.en);
}

/** Language and theme are all that is ever kept. */
export function keep(name: 'lang' | 'theme', value: string): void {
  try {
    localStorage.setItem(`nnopen-${name}`, value);
  } catch {
    // A page opened from a disk may have no storage.
  }
}

export function kept<T extends string>(name: 'lang' | 'theme'): T | undefined {
  try {
    return (localStorage.getItem(`nnopen-${name}`) as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}
