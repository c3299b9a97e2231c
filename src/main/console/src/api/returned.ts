import { signIn, signInFailed } from './session';

/** Whether an issuer has led back here. */
export function isReturned(search: string): boolean {
  const answer = new URLSearchParams(search);
  return answer.has('state') && (answer.has('code') || answer.has('error'));
}

/** Signs in with what the issuer has answered, or says why that can't be. */
export async function takeReturn(): Promise<void> {
  try {
    const { complete } = await import('./oidc');
    signIn(await complete());
  } catch (error) {
    signInFailed(reasonOf(error));
  }
}

/** What an issuer says beside what the standard has it say. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { error: code, error_description: said } = error as Error & Record<string, unknown>;
  return typeof code === 'string'
    ? `The issuer has refused it: ${typeof said === 'string' ? said : code}`
    : error.message;
}
