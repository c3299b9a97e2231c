import { Annotations } from '@malloydata/malloy';
import type { DocumentLocation, Model } from '@malloydata/malloy';
import { notesOf } from './model-notes';
import type { WrittenNote } from './model-notes';
import { nearest } from './nearest';
import { problem } from './problems';
import type { Problem } from './protocol';

/** What Ingot reads in `#@`. */
const KNOWN = ['persist', 'name'];

/** What the upstream system reads there and Ingot doesn't, with what to do instead. */
const UPSTREAM = new Map([
  ['storage', 'Tables are built on the connection of their source.'],
  ['realization', 'What is built is always a table.'],
  ['refresh', 'Each build makes the whole table.'],
  ['watermark', 'Each build makes the whole table.'],
  ['merge_key', 'Each build makes the whole table.'],
  ['freshness', 'A table is served until the next build: start builds as often as you need them.'],
  ['schedule', 'Start builds yourself: POST …/materializations.'],
  ['sharing', 'Tables are shared by the servers of a project with materializationStorage.'],
  ['queryMetadata', 'Statements carry no tags.'],
  ['preaggregate', 'Persist a source of its own that groups by the grain.'],
]);

/** Arguments of what else stands in their annotation, so they go with that. */
const ARGUMENTS = new Map([['preaggregate', ['grain', 'namespace']]]);

/** As nearly all are, of which nothing has to be parsed. */
const PLAIN = /^#@ persist(?: name=(?:\w+|"[\w.]*"))?\s*$/;

/** Other systems' words for it. */
const SYNONYM = /^(materiali[sz]ed?|cached?|persisted|persistent)$/i;

/** Like an annotation that asks for a table: `#@persist`, `# @persist`, `#(persist)`, `#persist`. */
const LIKE_PERSIST = /^##?\|?\s*([@(<[{]*)\s*(\w+)[)>\]}]?(.*)/;

/**
 * What a model's annotations ask for that comes to nothing: persist where nobody reads it, and
 * options that Ingot doesn't act on. Only what stands in the model's own file is told, as every
 * file of a package is a model.
 */
export function unheeded(model: Model, path: string, persistence: boolean): Problem[] {
  const written = notesOf(model, path);
  const problems: Problem[] = [];
  let asked: DocumentLocation | undefined;
  for (const note of written) {
    const found = note.route === '@' ? unheededOptions(note, path) : misplaced(note, path);
    problems.push(...found.problems);
    if (found.asks) asked ??= note.at;
  }
  if (asked !== undefined && !persistence) problems.push(noFlag(written, path, asked));
  return problems;
}

interface Found {
  readonly asks: boolean;
  readonly problems: Problem[];
}

type Warn = (code: string, message: string) => Problem;

function warnAt(note: WrittenNote, path: string): Warn {
  return (code, message) => problem('warn', code, message, path, note.at);
}

function misplaced(note: WrittenNote, path: string): Found {
  const [, sign = '', word = '', rest = ''] = LIKE_PERSIST.exec(note.text) ?? [];
  const plain = sign === '';
  const meant =
    word.toLowerCase() === 'persist' || (plain ? /^materiali[sz]e$/i.test(word) : isLike(word));
  if (note.route === '!' || note.route === '"' || !meant) return { asks: false, problems: [] };
  const message = misspelt(firstLine(note.text).trim(), `persist${rest}`);
  return { asks: true, problems: [warnAt(note, path)('persist-misspelt', message)] };
}

function isLike(word: string): boolean {
  return SYNONYM.test(word) || (word.length > 4 && nearest(word, KNOWN) === 'persist');
}

function misspelt(written: string, mend: string): string {
  return `${written} does nothing. Write: #@ ${mend.trimEnd()}`;
}

function unheededOptions(note: WrittenNote, path: string): Found {
  if (note.holder === 'declaration' && PLAIN.test(note.text)) return { asks: true, problems: [] };
  const { tag, log } = new Annotations({ notes: [note.note] }).parseAsTag('@');
  if (log.length > 0) return { asks: false, problems: [] };
  const warn = warnAt(note, path);
  const options = Object.entries(tag.properties ?? {});
  const asks = tag.has('persist');
  const meant = asks || options.some(([name, { deleted }]) => isMisspelt(name) && !deleted);
  const belongs = options.flatMap(([name]) => ARGUMENTS.get(name) ?? []);
  const problems = options
    .filter(([name]) => !belongs.includes(name))
    .flatMap(([name, option]) => optionProblems(name, option, note.text, warn));
  if (asks && note.holder !== 'declaration') {
    problems.push(warn('persist-ignored', ELSEWHERE[note.holder]));
  } else if (tag.has('name') && !note.persisted() && !meant) {
    const message = misspelt('name= without persist', 'persist name=…');
    problems.push(warn('persist-misspelt', message));
  }
  return { asks: meant, problems };
}

interface Option {
  readonly eq?: unknown;
  readonly properties?: object | undefined;
  readonly deleted?: boolean | undefined;
}

function optionProblems(name: string, option: Option, text: string, warn: Warn): Problem[] {
  if (name === 'persist') return partsOfPersist(option, warn);
  const undone = option.deleted === true;
  if (isMisspelt(name)) {
    const rest = firstLine(text.slice(text.indexOf(name) + name.length));
    const mend = undone ? '-persist' : `persist${rest}`;
    return [warn('persist-misspelt', misspelt(`"${name}" in #@`, mend))];
  }
  if (undone || KNOWN.includes(name)) return [];
  const instead = UPSTREAM.get(name);
  if (instead === undefined) return [warn('persist-option', unknownOption(name))];
  return [warn('persist-unsupported', `Ingot does not act on "${name}" in #@. ${instead}`)];
}

function isMisspelt(name: string): boolean {
  return !KNOWN.includes(name) && !UPSTREAM.has(name) && isLike(name);
}

const ELSEWHERE = {
  field: '#@ persist within a source has no effect; declare a source of its own.',
  run: '#@ persist on a query has no effect; declare a source from it.',
  model: '##@ persist has no effect; write #@ persist before each source that is to be a table.',
};

/** `persist=false` and `persist { name=x }`: neither is read. */
function partsOfPersist({ eq, properties }: Option, warn: Warn): Problem[] {
  const found = Object.keys(properties ?? {}).map((name) =>
    warn('persist-option', `"${name}" within persist is not read. Write: #@ persist ${name}=…`),
  );
  if (eq !== undefined) {
    const message =
      'persist has no value. Write #@ persist, or #@ -persist to undo an inherited one';
    found.push(warn('persist-option', message));
  }
  return found;
}

function unknownOption(name: string): string {
  const near = nearest(name, [...KNOWN, ...UPSTREAM.keys()]);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  return `Unknown option "${name}" in #@${hint} (known: ${KNOWN.join(', ')})`;
}

/** Why `#@ persist` does nothing in a model, told where the flag is wrong, else where it is asked. */
function noFlag(written: readonly WrittenNote[], path: string, asked: DocumentLocation): Problem {
  const flag = written.find(isLikeFlag);
  const why =
    flag === undefined
      ? 'in a model without its flag'
      : `here, as "${firstLine(flag.text).trim()}" does not switch it on`;
  const message = `#@ persist does nothing ${why}. Write at the top of the model: ##! experimental.persistence`;
  return problem('warn', 'persist-no-flag', message, path, flag?.at ?? asked);
}

/** `##! experimental` switches on all other experiments, but not this one. */
function isLikeFlag({ route, text, holder }: WrittenNote): boolean {
  if (route === '@' || (route !== '!' && holder !== 'model')) return false;
  const words = text.match(/\w+/g) ?? [];
  return (
    words.at(-1) === 'experimental' ||
    words.some((word) => nearest(word, ['persistence', 'persist']) !== undefined)
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
