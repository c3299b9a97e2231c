import { StreamLanguage, type StringStream } from '@codemirror/language';

const WORDS = new Set(
  `accept aggregate all and as asc avg by calculate count cross day days declare desc dimension distinct
  drill else end except extend false for from given group_by grouped_by has having hour hours import
  include index internal is join_cross join_many join_one last like limit matrix_operation max measure
  min minute minutes month months nest not now null number on or order_by partition_by pick primary_key
  private project public quarter quarters query rename run sample second seconds select source sql string
  sum table then this timestamp timezone to top true true type view week weeks when where with year years`
    .trim()
    .split(/\s+/),
);

interface State {
  /** What the text within is closed by; undefined outside of one. */
  within: string | undefined;
}

/** Malloy's words, texts, numbers and notes, coloured. */
export const malloy = StreamLanguage.define<State>({
  name: 'malloy',
  startState: () => ({ within: undefined }),
  token: (stream, state) =>
    state.within === undefined ? outside(stream, state) : within(stream, state, state.within),
  languageData: {
    commentTokens: { line: '//' },
    closeBrackets: { brackets: ['(', '[', '{', "'", '"'] },
  },
});

function within(stream: StringStream, state: State, end: string) {
  while (!stream.eol()) {
    if (stream.match(end)) {
      state.within = undefined;
      break;
    }
    stream.next();
  }
  return end === '*/' ? 'comment' : 'string';
}

function outside(stream: StringStream, state: State): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^(\/\/|--).*/)) return 'comment';
  if (stream.match(/^#.*/)) return 'meta';
  if (stream.match('/*')) return within(stream, Object.assign(state, { within: '*/' }), '*/');
  if (stream.match('"""')) return within(stream, Object.assign(state, { within: '"""' }), '"""');
  if (stream.match(/^'(?:[^'\\]|\\.)*'?/) || stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^`[^`]*`?/)) return 'variableName';
  if (stream.match(/^@[\d:\-TWQ.]+/) || stream.match(/^\d+(\.\d+)?/)) return 'number';
  if (stream.match(/^[A-Za-z_]\w*/))
    return WORDS.has(stream.current().toLowerCase()) ? 'keyword' : 'variableName';
  stream.next();
  return 'operator';
}
