import * as oauth from 'oauth4webapi';
import { audiencesOf } from './token';
import type { SignIn } from './types';

/** Remembered while somebody is at the issuer's, in this tab only. */
const BEGUN = 'ingot.signing-in';

/** How long the issuer may take for an answer, in milliseconds. */
const PATIENCE = 30_000;

interface Begun {
  signIn: SignIn;
  state: string;
  nonce: string;
  verifier: string;
  /** The page that it was begun on. */
  hash: string;
}

/**
 * Leads to the issuer, which leads back: the authorization code flow of a public client, with PKCE.
 *
 * @throws Error when the issuer can't be asked
 */
export async function begin(signIn: SignIn): Promise<void> {
  if (!isSecureContext) throw new Error('Browsers sign in only from pages that come by https');
  const server = await discover(signIn);
  const place = endpoint(signIn, server.authorization_endpoint, 'authorization_endpoint');
  const begun: Begun = {
    signIn,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    hash: location.hash,
  };
  const asked = {
    ...signIn.parameters,
    client_id: signIn.clientId,
    response_type: 'code',
    redirect_uri: home(),
    scope: signIn.scopes.join(' '),
    state: begun.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    ...(isOpenId(signIn) && { nonce: begun.nonce }),
  };
  for (const [name, value] of Object.entries(asked)) place.searchParams.set(name, value);
  sessionStorage.setItem(BEGUN, JSON.stringify(begun));
  location.assign(place);
}

/**
 * Takes what the issuer has answered with, and makes the address that of the page before.
 *
 * @returns a token for the server
 * @throws Error when there is none
 */
export async function complete(): Promise<string> {
  const answered = new URL(location.href);
  const text = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  const begun = text === null ? undefined : (JSON.parse(text) as Begun);
  history.replaceState(null, '', home() + (begun?.hash ?? ''));
  if (!begun) throw new Error('Nobody has begun to sign in here');
  return redeem(begun, answered);
}

async function redeem({ signIn, state, nonce, verifier }: Begun, answered: URL): Promise<string> {
  const server = await discover(signIn);
  endpoint(signIn, server.token_endpoint, 'token_endpoint');
  const client = { client_id: signIn.clientId };
  const code = oauth.validateAuthResponse(server, client, answered, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    code,
    home(),
    verifier,
    { ...options(signIn), additionalParameters: signIn.parameters },
  );
  const tokens = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    response,
    isOpenId(signIn) ? { expectedNonce: nonce, requireIdToken: true } : {},
  );
  const fitting = [tokens.access_token, tokens.id_token].find(
    (token) => token !== undefined && audiencesOf(token).includes(signIn.audience),
  );
  if (fitting === undefined) {
    throw new Error(`${signIn.issuer} has given no token for ‘${signIn.audience}’`);
  }
  return fitting;
}

/** What the issuer says of itself. */
async function discover(signIn: SignIn): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(signIn.issuer);
  let response: Response;
  try {
    response = await oauth.discoveryRequest(issuer, options(signIn));
  } catch (error) {
    // A browser doesn't tell a page which of both it is.
    throw new Error('The issuer can’t be asked: it is away, or answers no pages of this address', {
      cause: error,
    });
  }
  return oauth.processDiscoveryResponse(issuer, response);
}

/** The server's policy, and its trust, are for the issuer's own origin. */
function endpoint(signIn: SignIn, place: string | undefined, name: string): URL {
  const url = place === undefined ? undefined : new URL(place);
  if (url?.origin !== new URL(signIn.issuer).origin) {
    throw new Error(`The ${name} of ${signIn.issuer} isn’t at its own origin: ${String(place)}`);
  }
  return url;
}

function options(signIn: SignIn) {
  return {
    // Without https only on the reader's own machine: the server has seen to that.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- so called to be noticed
    [oauth.allowInsecureRequests]: signIn.issuer.startsWith('http://'),
    signal: AbortSignal.timeout(PATIENCE),
  };
}

function isOpenId(signIn: SignIn) {
  return signIn.scopes.includes('openid');
}

/** The console's address, which the issuer has to know. */
function home(): string {
  return new URL('./', document.baseURI).href;
}
