import { useEffect, useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import type { Model, ModelRef } from '../api/types';
import { useLoad } from '../live/use-load';
import { Await, Failure, Problems, Title } from '../parts/basics';
import { Editor } from '../parts/editor';
import { valuesOf, type Entered } from '../parts/given-values';
import { to } from '../route';
import { Answer } from './answer';
import { Givens } from './givens';
import { Crumbs } from './package';
import { Surroundings } from './surroundings';
import { useQuery } from './use-query';

export function QueryPage({
  packageKey,
  model,
  text,
  givens,
}: {
  packageKey: PackageKey;
  model: string | undefined;
  text: string | undefined;
  givens: Entered;
}) {
  const models = useLoad((signal) => api.models(packageKey, signal), [packageKey]);
  return (
    <>
      <Crumbs packageKey={packageKey} inside />
      <Title>{`Query ${packageKey.name}`}</Title>
      <Await of={models}>
        {(found) => {
          const path = model ?? found.find((one) => !one.error)?.path ?? found[0]?.path;
          if (path === undefined) return <p>The package has no models.</p>;
          return (
            <OnModel
              key={path}
              packageKey={packageKey}
              models={found}
              path={path}
              text={text ?? ''}
              givens={givens}
            />
          );
        }}
      </Await>
    </>
  );
}

function OnModel({
  packageKey,
  models,
  path,
  text: linked,
  givens: linkedGivens,
}: {
  packageKey: PackageKey;
  models: ModelRef[];
  path: string;
  text: string;
  givens: Entered;
}) {
  const [text, setText] = useState(linked);
  useEffect(() => setText(linked), [linked]);
  const [entered, setEntered] = useState(linkedGivens);
  useEffect(() => setEntered(linkedGivens), [JSON.stringify(linkedGivens)]);
  const model = useLoad((signal) => api.model(packageKey, path, signal), [packageKey, path]);
  const query = useQuery(packageKey, path);
  const givens = model.value?.givens ?? [];
  // An address may have values for givens whose types aren't there yet.
  const waits = !model.value && !model.error && Object.keys(entered).length > 0;
  const ready = !query.busy && !waits && text.trim() !== '';
  const asked = () => ({ query: text, givens: valuesOf(givens, entered) });
  const run = () => {
    if (waits || text.trim() === '') return;
    history.replaceState(null, '', to.query(packageKey, path, text, entered));
    query.run(asked);
  };
  return (
    <div class="query">
      <section aria-label="Query">
        <div class="toolbar">
          <label>
            Model{' '}
            <select
              value={path}
              onChange={(event) => {
                location.hash = to.query(packageKey, event.currentTarget.value);
              }}
            >
              {models.map((one) => (
                <option key={one.path} value={one.path}>
                  {one.path}
                  {one.error ? ' (doesn’t compile)' : ''}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Editor text={text} change={setText} run={run} />
        <Givens givens={givens} entered={entered} change={setEntered} />
        <div class="toolbar">
          <button type="button" class="primary" disabled={!ready} onClick={run}>
            Run
          </button>
          {query.busy && (
            <button type="button" onClick={query.stop}>
              Stop
            </button>
          )}
          <button type="button" disabled={!ready} onClick={() => query.download(asked)}>
            Download CSV
          </button>
          <span role="status" class="muted">
            {query.busy ? 'It is being answered…' : query.answer ? 'Answered' : ''}
          </span>
        </div>
        <Failure error={query.error} />
        {query.answer && <Answer answer={query.answer} />}
      </section>
      <aside aria-label="What the model has">
        <Await of={model}>
          {(known: Model) => (
            <>
              <Problems problems={known.problems} />
              <Surroundings model={known} take={setText} />
            </>
          )}
        </Await>
      </aside>
    </div>
  );
}
