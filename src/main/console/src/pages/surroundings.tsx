import type { Model } from '../api/types';
import { cut, plural } from '../parts/format';

interface Info {
  entries: Entry[];
}

interface Entry {
  kind: string;
  name: string;
  schema?: { fields: { kind: string; name: string }[] };
}

const KINDS = ['dimension', 'measure', 'view', 'join'];

/** A model's sources and queries, to begin with. */
export function Surroundings({ model, take }: { model: Model; take: (text: string) => void }) {
  const { entries } = JSON.parse(
    model.modelInfo === '' ? '{"entries":[]}' : model.modelInfo,
  ) as Info;
  return (
    <>
      {model.queries.length > 0 && (
        <>
          <h2>Queries</h2>
          <ul class="names">
            {model.queries.map(({ name }) => (
              <li key={name}>
                <button
                  type="button"
                  class="link text"
                  onClick={() => take(`run: ${quoted(name)}`)}
                >
                  {cut(name)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Sources</h2>
      <ul class="names">
        {model.sources.map((source) => (
          <li key={source.name}>
            <button
              type="button"
              class="link text"
              onClick={() => take(`run: ${quoted(source.name)} -> {\n  select: *\n  limit: 100\n}`)}
            >
              {cut(source.name)}
            </button>
            {source.persisted && <span class="badge">table</span>}
            {source.gated && <span class="badge warn">gated</span>}
            <Fields entry={entries.find((entry) => entry.name === source.name)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Fields({ entry }: { entry: Entry | undefined }) {
  const fields = entry?.schema?.fields ?? [];
  if (fields.length === 0) return null;
  return (
    <details>
      <summary>{plural(fields.length, 'field')}</summary>
      {KINDS.map((kind) => {
        const names = fields.filter((field) => field.kind === kind).map((field) => field.name);
        return names.length === 0 ? null : (
          <p key={kind} class="text">
            <strong>{kind}s</strong> {names.join(', ')}
          </p>
        );
      })}
    </details>
  );
}

/** A name as Malloy takes it whatever it is. */
function quoted(name: string) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}
