import { useRef, useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import { Refusal } from '../api/http';
import type { Version } from '../api/types';
import { useMay } from '../live/use-caller';
import { useLoad } from '../live/use-load';
import { Await, Failure, Time } from '../parts/basics';
import { cut, plural } from '../parts/format';
import { versionChanges } from '../parts/version-changes';
import { to } from '../route';

/** The retained versions, and the way back to one of them. */
export function VersionsTab({ packageKey }: { packageKey: PackageKey }) {
  const mayBuild = useMay('build', packageKey.project);
  const versions = useLoad((signal) => api.versions(packageKey, signal), [packageKey], 3000);
  const [chosen, setChosen] = useState<Version>();
  return (
    <Await of={versions}>
      {(found) => {
        const current = found.find((one) => one.current);
        if (!current) return <p>No version yet: a run publishes the first.</p>;
        return (
          <>
            <ul class="plan">
              {found.map((version) => (
                <li key={version.version} class="card">
                  <p class="facts">
                    <strong>Version {version.version}</strong>
                    {version.current && <span class="badge success">Current</span>}
                    <Time at={version.publishedAt} />
                    <Cause packageKey={packageKey} version={version} />
                    {mayBuild && !version.current && (
                      <button type="button" onClick={() => setChosen(version)}>
                        Roll back to {version.version}
                      </button>
                    )}
                  </p>
                  <p class="muted text">
                    {plural(version.tables.length, 'table')}:{' '}
                    {cut(version.tables.join(', '), 2000) || 'none'}
                  </p>
                </li>
              ))}
            </ul>
            {chosen && (
              <RollBack
                packageKey={packageKey}
                current={current}
                chosen={chosen}
                close={() => {
                  setChosen(undefined);
                  versions.again();
                }}
              />
            )}
          </>
        );
      }}
    </Await>
  );
}

function Cause({ packageKey, version }: { packageKey: PackageKey; version: Version }) {
  if (version.cause === 'TEARDOWN') return <span>after a teardown</span>;
  if (version.cause === 'ROLLBACK') return <span>back to version {version.restored}</span>;
  return version.materializationId ? (
    <a href={to.run(packageKey, version.materializationId)}>its run</a>
  ) : (
    <span>by a run</span>
  );
}

function RollBack({
  packageKey,
  current,
  chosen,
  close,
}: {
  packageKey: PackageKey;
  current: Version;
  chosen: Version;
  close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<Error>();
  const shown = (element: HTMLDialogElement | null) => {
    dialog.current = element;
    if (element && !element.open) element.showModal();
  };
  const rollBack = async (force: boolean) => {
    setError(undefined);
    try {
      await api.rollback(packageKey, chosen.version, force);
      dialog.current?.close();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const { gone, back, other, same } = versionChanges(current.tables, chosen.tables);
  return (
    <dialog ref={shown} aria-labelledby="roll-back" onClose={close}>
      <h2 id="roll-back">Roll back to version {chosen.version}?</h2>
      <p>
        Queries are then answered from the tables of version {chosen.version}, published{' '}
        <Time at={chosen.publishedAt} />. Nothing is built, and version {current.version} stays for
        as long as it is retained.
      </p>
      <ul>
        {other.length > 0 && <li class="text">Answered from another table: {other.join(', ')}</li>}
        {gone.length > 0 && <li class="text">Not in it, and answered live: {gone.join(', ')}</li>}
        {back.length > 0 && <li class="text">Only in it: {back.join(', ')}</li>}
        <li>{plural(same, 'table')} the same as now</li>
      </ul>
      <Failure error={error} />
      <p class="toolbar">
        <button type="button" class="primary" onClick={() => void rollBack(false)}>
          Roll back
        </button>
        {error instanceof Refusal && error.status === 409 && (
          <button type="button" class="danger" onClick={() => void rollBack(true)}>
            Roll back all the same
          </button>
        )}
        <button type="button" onClick={() => dialog.current?.close()}>
          Leave it
        </button>
      </p>
    </dialog>
  );
}
