import { useEffect, useReducer } from 'preact/hooks';
import { api } from '../api/client';
import { isAway, listen, whyRefused } from '../api/session';

/** How often a server that is away is asked whether it is back, in milliseconds. */
const PATIENCE = 1000;

/** What is known of the server and of who asks it. */
export function useSession(): { away: boolean; refused: string | undefined } {
  const [, changed] = useReducer((count: number) => count + 1, 0);
  useEffect(() => listen(() => changed(undefined)), []);
  const away = isAway();
  useEffect(() => {
    if (!away) return undefined;
    // That it answers is noticed by the request itself.
    const timer = setInterval(() => void api.caller().catch(() => undefined), PATIENCE);
    return () => clearInterval(timer);
  }, [away]);
  return { away, refused: whyRefused() };
}
