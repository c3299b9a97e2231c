import { useState } from 'preact/hooks';
import { api, type PackageKey, type RunOptions } from '../api/client';
import { Failure } from '../parts/basics';

const USUAL: RunOptions = {
  forceRefresh: false,
  failFast: false,
  onError: 'fail',
  freshness: 'check',
};

/** Starts a run of all tables, or of those that are selected. */
export function BuildForm({
  packageKey,
  selected,
  busy,
  started,
}: {
  packageKey: PackageKey;
  selected: string[];
  busy: boolean;
  started: () => void;
}) {
  const [options, setOptions] = useState(USUAL);
  const [error, setError] = useState<Error>();
  const [sending, setSending] = useState(false);
  const change = (changes: Partial<RunOptions>) => setOptions((last) => ({ ...last, ...changes }));
  const start = async () => {
    setSending(true);
    setError(undefined);
    try {
      await api.start(packageKey, {
        ...options,
        ...(selected.length > 0 && { sources: selected }),
      });
      started();
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      class="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <button type="submit" class="primary" disabled={busy || sending}>
        {selected.length > 0 ? `Build selected (${selected.length})` : 'Build'}
      </button>
      <details class="options">
        <summary>Options</summary>
        <fieldset>
          <legend>Options of the run</legend>
          <Option
            label="Build everything, changed or not"
            on={options.forceRefresh}
            set={(forceRefresh) => change({ forceRefresh })}
          />
          <Option
            label="Don’t look whether data files have changed"
            on={options.freshness === 'ignore'}
            set={(on) => change({ freshness: on ? 'ignore' : 'check' })}
          />
          <Option
            label="Publish what could be built when something fails"
            on={options.onError === 'publish'}
            set={(on) => change({ onError: on ? 'publish' : 'fail', failFast: false })}
          />
          <Option
            label="Stop at the first table that fails"
            on={options.failFast}
            set={(failFast) => change({ failFast, onError: 'fail' })}
          />
        </fieldset>
      </details>
      <Failure error={error} />
    </form>
  );
}

function Option({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label>
      <input type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />{' '}
      {label}
    </label>
  );
}
