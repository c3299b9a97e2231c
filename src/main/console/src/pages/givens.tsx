import type { Given } from '../api/types';
import { cut } from '../parts/format';
import { example, kindOf, type Entered } from '../parts/given-values';

/** The parameters of a model, to be set for what is asked. */
export function Givens({
  givens,
  entered,
  change,
}: {
  givens: readonly Given[];
  entered: Entered;
  change: (entered: Entered) => void;
}) {
  if (givens.length === 0) return null;
  const set = ({ name }: Given, text: string | undefined) => {
    const others = Object.entries(entered).filter(([other]) => other !== name);
    change(Object.fromEntries(text === undefined ? others : [...others, [name, text]]));
  };
  return (
    <fieldset class="givens">
      <legend>Givens</legend>
      {givens.map((given) =>
        given.bound ? (
          <Bound key={given.name} given={given} />
        ) : (
          <One
            key={given.name}
            given={given}
            text={entered[given.name]}
            set={(text) => set(given, text)}
          />
        ),
      )}
    </fieldset>
  );
}

function Bound({ given }: { given: Given }) {
  return (
    <p class="given text">
      <span>
        {cut(given.name)} <span class="muted">{given.type}</span>
      </span>
      <span class="muted">set by the project, from your key or token</span>
    </p>
  );
}

function One({
  given,
  text,
  set,
}: {
  given: Given;
  text: string | undefined;
  set: (text: string | undefined) => void;
}) {
  const id = `given-${given.name}`;
  const fallback = given.default ?? undefined;
  return (
    <p class="given">
      <label for={id} class="text">
        {cut(given.name)} <span class="muted">{given.type}</span>
      </label>
      <Field id={id} type={given.type} text={text} set={set} />
      {text === undefined ? (
        <span class="muted text">
          {fallback === undefined ? 'has no default' : `else ${cut(fallback)}`}
        </span>
      ) : (
        <button type="button" aria-label={`Leave out ${given.name}`} onClick={() => set(undefined)}>
          Leave out
        </button>
      )}
    </p>
  );
}

const FIELDS = {
  number: { type: 'number', step: 'any' },
  date: { type: 'date' },
  'datetime-local': { type: 'datetime-local', step: '1' },
  text: { type: 'text' },
  json: { type: 'text' },
} as const;

function Field({
  id,
  type,
  text,
  set,
}: {
  id: string;
  type: string;
  text: string | undefined;
  set: (text: string | undefined) => void;
}) {
  const kind = kindOf(type);
  if (kind === 'boolean') {
    return (
      <select
        id={id}
        value={text ?? ''}
        onChange={({ currentTarget: { value } }) => set(value === '' ? undefined : value)}
      >
        <option value="">–</option>
        <option value="true">true</option>
        <option value="false">false</option>
      </select>
    );
  }
  // An empty text is one; an empty number or day is none.
  const empty = kind === 'text' ? '' : undefined;
  return (
    <input
      {...FIELDS[kind]}
      id={id}
      placeholder={example(type)}
      autocomplete="off"
      spellcheck={false}
      value={text ?? ''}
      onInput={({ currentTarget: { value } }) => set(value === '' ? empty : value)}
    />
  );
}
