/** Whom a token is for; nobody, when it can't be read. The server checks it. */
export function audiencesOf(token: string): string[] {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (char) =>
      char.charCodeAt(0),
    );
    const { aud } = JSON.parse(new TextDecoder().decode(bytes)) as { aud?: string | string[] };
    return aud === undefined ? [] : [aud].flat();
  } catch {
    return [];
  }
}
