// The params' text: CodeMirror, with the violations on their lines.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { cureOf, messageOf } from '../cures.js';
import { nearest } from '../json.js';
import { checked, parsed, text, wanted } from '../state.js';
import { lang, say } from '../words.js';

/** How long typing rests before the text is checked. */
const REST = 200;

export function Editor() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let timer = 0;
    const view = new EditorView({
      parent: place.current!,
      state: EditorState.create({ doc: text.peek(), extensions: [...looks, labelled(), typed()] }),
    });

    function typed() {
      return EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        clearTimeout(timer);
        timer = window.setTimeout(() => (text.value = view.state.doc.toString()), REST);
      });
    }

    const stops = [
      effect(() => {
        const doc = text.value;
        clearTimeout(timer);
        if (doc !== view.state.doc.toString()) {
          view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: doc } });
          clearTimeout(timer);
        }
      }),
      effect(() => {
        lang.value;
        const marks = diagnostics();
        if (view.state.doc.length === text.peek().length) view.dispatch(setDiagnostics(view.state, marks));
      }),
      effect(() => {
        if (!wanted.value) return;
        const { from, to } = placeOf(wanted.value.path);
        view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
        view.focus();
        wanted.value = undefined;
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(timer);
      if (view.state.doc.toString() !== text.peek()) text.value = view.state.doc.toString();
      view.destroy();
    };
  }, []);
  return <div class="editor" ref={place} />;
}

const looks = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  bracketMatching(),
  highlightActiveLine(),
  json(),
  syntaxHighlighting(classHighlighter),
  EditorView.lineWrapping,
  keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
];

function labelled() {
  return EditorView.contentAttributes.of({ 'aria-label': say('参数（JSON）', 'Params (JSON)'), spellcheck: 'false', tabindex: '0' });
}

function diagnostics(): Diagnostic[] {
  return checked.value.violations.map((violation) => ({
    ...placeOf(violation.rule === 'json' ? '' : violation.path, violation.rule === 'json'),
    severity: violation.severity,
    source: violation.rule,
    message: `${violation.path} ${messageOf(violation)}\n→ ${cureOf(violation)}`,
  }));
}

/** Where a path stands; what is missing is marked where the object around it begins. */
function placeOf(path: string, broken = false): { from: number; to: number } {
  const { root, brokenAt } = parsed.value;
  if (broken) return { from: brokenAt ?? 0, to: Math.min((brokenAt ?? 0) + 1, text.value.length) };
  const found = nearest(root, path);
  if (!found) return { from: 0, to: Math.min(1, text.value.length) };
  const { from, to } = found.value;
  return { from, to: found.exact && 'text' in found.value ? to : from + 1 };
}
