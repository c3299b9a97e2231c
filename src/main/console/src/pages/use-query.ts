import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Asked, type PackageKey } from '../api/client';
import type { QueryResult } from '../api/types';

export interface Querying {
  busy: boolean;
  answer: QueryResult | undefined;
  error: Error | undefined;
  /** What it throws is shown as what the server says. */
  run: (asked: () => Asked) => void;
  download: (asked: () => Asked) => void;
  stop: () => void;
}

/** Asks one thing at a time; what the page doesn't wait for any more is stopped on the server. */
export function useQuery(key: PackageKey, model: string): Querying {
  const [state, setState] = useState<Pick<Querying, 'busy' | 'answer' | 'error'>>({
    busy: false,
    answer: undefined,
    error: undefined,
  });
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const during = async (work: (signal: AbortSignal) => Promise<Partial<Querying>>) => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    setState((last) => ({ ...last, busy: true, error: undefined }));
    try {
      const got = await work(mine.signal);
      setState((last) => ({ ...last, busy: false, ...got }));
    } catch (error) {
      if (abort.current !== mine) return;
      const stopped = mine.signal.aborted;
      setState((last) => ({ ...last, busy: false, error: stopped ? undefined : (error as Error) }));
    }
  };
  return {
    ...state,
    run: (asked) =>
      void during(async (signal) => {
        setState((last) => ({ ...last, answer: undefined }));
        return { answer: await api.query(key, model, asked(), signal) };
      }),
    download: (asked) =>
      void during(async (signal) => {
        const response = await api.csv(key, model, asked(), signal);
        save(await response.blob(), `${key.name}.csv`);
        return {};
      }),
    stop: () => abort.current?.abort(),
  };
}

function save(content: Blob, name: string) {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
