import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Unreachable } from '../api/http';

export interface Loaded<T> {
  /** What came last; it stays while it is asked for again. */
  value: T | undefined;
  error: Error | undefined;
  again: () => void;
}

/** How long after a server that is away it is asked again, in milliseconds. */
const PATIENCE = 1000;

/**
 * Asks for something, and again after some time while the page is seen.
 *
 * @param every milliseconds; 0 for once
 * @param of what it depends on: another of it is asked for anew
 */
export function useLoad<T>(
  load: (signal: AbortSignal) => Promise<T>,
  of: unknown[],
  every = 0,
): Loaded<T> {
  const [state, setState] = useState<{ value?: T; error?: Error }>({});
  const [round, setRound] = useState(0);
  const key = JSON.stringify(of);
  const known = useRef(key);
  useEffect(() => {
    if (known.current !== key) {
      known.current = key;
      setState({});
    }
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (delay: number) => {
      timer = setTimeout(() => (document.hidden ? next(delay) : void once()), delay);
    };
    const once = async () => {
      try {
        const value = await load(abort.signal);
        setState((last) => (same(last, value) ? last : { value }));
        if (every > 0) next(every);
      } catch (error) {
        if (abort.signal.aborted) return;
        const failure = error instanceof Error ? error : new Error(String(error));
        // What was shown stays: the page says that the server is away.
        setState((last) =>
          failure instanceof Unreachable && last.value !== undefined ? last : { error: failure },
        );
        if (failure instanceof Unreachable) next(PATIENCE);
        else if (every > 0) next(every);
      }
    };
    void once();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, round, every]);
  const again = useCallback(() => setRound((last) => last + 1), []);
  return { value: state.value, error: state.error, again };
}

/** Nothing is drawn anew for an answer that says the same. */
function same<T>(last: { value?: T; error?: Error }, value: T) {
  return last.error === undefined && JSON.stringify(last.value) === JSON.stringify(value);
}
