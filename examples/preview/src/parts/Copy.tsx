import { useState } from 'preact/hooks';

import { say } from '../words.js';

/** Copies a text; says so to screen readers too. */
export function Copy({ text, label }: { text: string | (() => Promise<string>); label?: string }) {
  const [done, setDone] = useState<boolean>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      setDone(true);
    } catch {
      setDone(false);
    }
    setTimeout(() => setDone(undefined), 2500);
  };
  const words = { true: say('已复制', 'Copied'), false: say('浏览器不让复制，请手动选取', 'The browser refused: select it by hand') };
  return (
    <button type="button" class="small outline secondary" onClick={() => void copy()}>
      <span aria-live="polite">{done === undefined ? (label ?? say('复制', 'Copy')) : words[`${done}`]}</span>
    </button>
  );
}

/** A text as it is, which scrolls by keyboard as well. */
export function Code({ text, label }: { text: string; label: string }) {
  return (
    <figure class="code">
      <figcaption>
        <span>{label}</span>
        <Copy text={text} />
      </figcaption>
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{shortened(text)}</code>
      </pre>
    </figure>
  );
}

const MOST = 20_000;

/** What is shown of a long text; the whole is copied. */
export function shortened(text: string): string {
  if (text.length <= MOST) return text;
  const left = text.length - MOST;
  return `${text.slice(0, MOST)}… ${say(`（还有 ${left} 个字符，复制得到全文）`, `(${left} more characters; copying takes them all)`)}`;
}
