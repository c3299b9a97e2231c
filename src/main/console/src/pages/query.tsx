import { useEffect, useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import type { Model, ModelRef } from '../api/types';
import { useLoad } from '../live/use-load';
import { Await, Failure, Problems, Title } from '../parts/basics';
import { Editor } from '../parts/editor';
import { to } from '../route';
import { Answer } from './answer';
import { Crumbs } from './package';
import { Surroundings } from './surroundings';
import { useQuery } from './use-query';

export function QueryPage({
  packageKey,
  model,
  text,
}: {
  packageKey: PackageKey;
  model: string | undefined;
  text: string | undefined;
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
  text: given,
}: {
  packageKey: PackageKey;
  models: ModelRef[];
  path: string;
  text: string;
}) {
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  const model = useLoad((signal) => api.model(packageKey, path, signal), [packageKey, path]);
  const query = useQuery(packageKey, path);
  const run = (asked: string) => {
    history.replaceState(null, '', to.query(packageKey, path, asked));
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
        <Editor text={text} change={setText} run={() => run(text)} />
        <div class="toolbar">
          <button
            type="button"
            class="primary"
            disabled={query.busy || text.trim() === ''}
            onClick={() => run(text)}
          >
            Run
          </button>
          {query.busy && (
            <button type="button" onClick={query.stop}>
              Stop
            </button>
          )}
          <button
            type="button"
            disabled={query.busy || text.trim() === ''}
            onClick={() => query.download(text)}
          >
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
