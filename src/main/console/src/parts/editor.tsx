import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';
import { malloy } from './malloy';

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--keyword)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--string)' },
  { tag: tags.number, color: 'var(--number)' },
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: tags.meta, color: 'var(--accent)' },
]);

const LOOKS = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--field)', fontSize: '14px' },
  '.cm-content': { caretColor: 'var(--text)', minHeight: '9em', fontFamily: 'var(--mono)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--muted)', border: 'none' },
  '.cm-scroller': { maxHeight: '22em', overflow: 'auto' },
  '&.cm-focused .cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
});

/**
 * Malloy to be edited. It lives in a shadow root, where its styles need no exception from the
 * page's policy.
 *
 * @param run with Ctrl or ⌘ and Enter
 */
export function Editor({
  text,
  change,
  run,
}: {
  text: string;
  change: (text: string) => void;
  run: () => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const latest = useRef({ change, run });
  latest.current = { change, run };
  useEffect(() => {
    if (!host.current) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    view.current = new EditorView({
      root,
      parent: root as unknown as Element,
      state: stateOf(text, latest),
    });
    return () => view.current?.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  return <div class="editor" ref={host} />;
}

function stateOf(
  doc: string,
  latest: { current: { change: (text: string) => void; run: () => void } },
) {
  const runs = {
    key: 'Mod-Enter',
    run: () => {
      latest.current.run();
      return true;
    },
  };
  return EditorState.create({
    doc,
    extensions: [
      keymap.of([runs, ...defaultKeymap, ...historyKeymap]),
      history(),
      lineNumbers(),
      bracketMatching(),
      malloy,
      syntaxHighlighting(COLOURS),
      LOOKS,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'Malloy query', spellcheck: 'false' }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.change(update.state.doc.toString());
      }),
    ],
  });
}
