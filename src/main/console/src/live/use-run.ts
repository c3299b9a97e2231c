import { useEffect, useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import { Refusal } from '../api/http';
import { eventsOf } from './events';
import { after, isOver, type WatchedRun } from './watched-run';

/** How long after a cut the events are asked for again, in milliseconds. */
const PATIENCE = 1000;

export interface Watching {
  watched: WatchedRun | undefined;
  error: Error | undefined;
}

/** A run with every change of it, until it is over; undefined for none. */
export function useRun(key: PackageKey, id: string | undefined): Watching {
  const [state, setState] = useState<Watching>({ watched: undefined, error: undefined });
  useEffect(() => {
    setState({ watched: undefined, error: undefined });
    if (id === undefined) return undefined;
    const abort = new AbortController();
    void watch(key, id, abort.signal, setState);
    return () => abort.abort();
  }, [key.project, key.name, id]);
  return state;
}

async function watch(
  key: PackageKey,
  id: string,
  signal: AbortSignal,
  show: (watching: Watching) => void,
): Promise<void> {
  let known: WatchedRun | undefined;
  let last: string | undefined;
  while (!left(signal)) {
    try {
      const response = await api.events(key, id, last, signal);
      if (response.status === 204 || !response.body) return;
      for await (const event of eventsOf(response.body)) {
        known = after(known, event) ?? known;
        last = event.id ?? last;
        show({ watched: known, error: undefined });
      }
      if (known && isOver(known.run)) return;
    } catch (error) {
      if (left(signal)) return;
      if (error instanceof Refusal && error.status < 500 && error.status !== 429) {
        show({ watched: known, error });
        return;
      }
    }
    await pause(signal);
  }
}

/** Whether nobody looks any more. */
function left(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
