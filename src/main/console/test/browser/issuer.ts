import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What the console asks for a token of. */
export const RESOURCE = 'https://ingot.example/';
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });

const GROUPS = ['staff', 'builders'];

/**
 * An OpenID Connect provider where Ann signs in by one click. Her access tokens are for {@link
 * RESOURCE}, where that is asked for, and else nothing that anybody else could read.
 */
export class Issuer {
  private provider: Provider | undefined;
  private readonly consoles: string[] = [];

  private constructor(
    private readonly listener: Server,
    readonly url: string,
  ) {}

  static async listen(): Promise<Issuer> {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
    const url = `http://localhost:${(listener.address() as AddressInfo).port}`;
    const issuer = new Issuer(listener, url);
    listener.on('request', (request, response) => void issuer.answer(request, response));
    return issuer;
  }

  /** From now on it knows the console that is there, too. */
  know(console: string): void {
    this.consoles.push(console);
    const jwk = { ...KEY.privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' };
    this.provider = new Provider(this.url, {
      clients: [
        {
          client_id: 'console',
          token_endpoint_auth_method: 'none',
          redirect_uris: this.consoles,
        },
      ],
      jwks: { keys: [{ ...jwk, use: 'sig' }] },
      cookies: { keys: ['of this test only'] },
      clientBasedCORS: () => true,
      findAccount: (_, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, groups: GROUPS }),
      }),
      claims: { openid: ['sub', 'groups'] },
      conformIdTokenClaims: false,
      extraTokenClaims: () => ({ groups: GROUPS }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({
          clientId: 'console',
          ...(oidc.session?.accountId !== undefined && { accountId: oidc.session.accountId }),
        });
        grant.addOIDCScope('openid');
        grant.addResourceScope(RESOURCE, 'openid');
        await grant.save();
        return grant;
      },
      features: {
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'openid',
            audience: RESOURCE,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
    });
  }

  /** One of its tokens of yesterday. */
  expired(): string {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: 'RS256', kid: 'one', typ: 'at+jwt' },
      {
        iss: this.url,
        aud: RESOURCE,
        sub: 'ann',
        groups: ['builders'],
        iat: now - 90_000,
        exp: now - 86_400,
      },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signed = parts.join('.');
    const signature = createSign('RSA-SHA256').update(signed).sign(KEY.privateKey, 'base64url');
    return `${signed}.${signature}`;
  }

  async close(): Promise<void> {
    this.listener.closeAllConnections();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { provider } = this;
    if (!provider) {
      response.writeHead(503).end();
    } else if (request.url?.startsWith('/interaction/') !== true) {
      await provider.callback()(request, response);
    } else if (request.method === 'GET') {
      response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end(
          '<form method="post"><button name="as">I am Ann</button></form>' +
            '<form method="post" action="?no"><button>Leave it</button></form>',
        );
    } else {
      request.resume();
      await provider.interactionFinished(
        request,
        response,
        request.url.endsWith('?no')
          ? { error: 'access_denied', error_description: 'Ann has left it' }
          : { login: { accountId: 'ann' } },
      );
    }
  }
}
