import { key, refuse, setReachable, whyRefused } from './session';
import type { Problem, ProblemDocument } from './types';

/** What the server has refused, or could not do. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: Problem[] = [],
  ) {
    super(message);
  }
}

/** Nobody has answered. */
export class Unreachable extends Error {}

/** Beside the page, so that it works wherever a proxy shows it. */
const BASE = new URL('api/v0/', document.baseURI);

export interface Asked {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  accept?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Whether nobody is to say who asks: a key that has ended is refused everywhere. */
  anonymous?: boolean;
}

/**
 * @param path within the API, each part of it encoded
 * @throws Refusal, Unreachable, or the signal's AbortError
 */
export async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const bearer = asked.anonymous === true ? undefined : key();
  const headers: Record<string, string> = {
    Accept: asked.accept ?? 'application/json',
    ...asked.headers,
  };
  if (bearer !== undefined) headers['Authorization'] = `Bearer ${bearer}`;
  if (asked.body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(new URL(path, BASE), {
      method: asked.method ?? 'GET',
      headers,
      cache: 'no-store',
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
      ...(asked.signal && { signal: asked.signal }),
    });
  } catch (error) {
    if (asked.signal?.aborted === true) throw error;
    setReachable(false);
    throw new Unreachable('The server can’t be reached');
  }
  setReachable(response.status !== 502 || isProblem(response));
  if (!response.ok) throw await refusal(response, bearer !== undefined);
  return response;
}

export async function json<T>(path: string, asked: Asked = {}): Promise<T> {
  const response = await ask(path, asked);
  return (await response.json()) as T;
}

/** A path's parts, encoded. */
export function parts(...names: string[]): string {
  return names.map(encodeURIComponent).join('/');
}

function isProblem(response: Response) {
  return response.headers.get('Content-Type')?.includes('problem+json') === true;
}

/** @param said whether it was said who asks */
async function refusal(response: Response, said: boolean): Promise<Refusal> {
  const fallback = `The server answered ${response.status} ${response.statusText}`;
  if (!isProblem(response)) return new Refusal(response.status, 'unknown', fallback);
  const problem = (await response.json()) as ProblemDocument;
  if (response.status === 401) {
    // What the API says then is for who writes requests.
    if (said) refuse(problem.message);
    else if (whyRefused() === undefined) refuse('This server asks who you are.');
  }
  return new Refusal(response.status, problem.code, problem.message, problem.problems);
}
