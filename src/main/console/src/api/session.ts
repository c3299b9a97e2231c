/** Who asks: a key of this tab only, gone when the tab is closed. */
const KEY = 'ingot.key';

type Listener = () => void;
const listeners = new Set<Listener>();

/** Whether the last request reached the server; undefined before the first. */
let reachable: boolean | undefined;
let refused: string | undefined;
/** Why the last sign-in has led to nothing. */
let failed: string | undefined;

export function key(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function signIn(text: string): void {
  sessionStorage.setItem(KEY, text);
  refused = undefined;
  failed = undefined;
  tell();
}

export function signInFailed(reason: string): void {
  failed = reason;
  tell();
}

export function whyFailed(): string | undefined {
  return failed;
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  refused = 'You have signed out.';
  tell();
}

/** The server wants to know who asks; the reason is its own. */
export function refuse(reason: string): void {
  if (refused === reason) return;
  refused = reason;
  tell();
}

export function whyRefused(): string | undefined {
  return refused;
}

export function setReachable(is: boolean): void {
  if (reachable === is) return;
  reachable = is;
  tell();
}

export function isAway(): boolean {
  return reachable === false;
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function tell() {
  for (const listener of [...listeners]) listener();
}
