// A certified OpenID Connect provider for the tests: `node server.mjs LIFETIME` prints its issuer, then a line for each
// token that it grants or refuses. Who signs in types any name and password. It ends with its standard input.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const lifetime = Number(process.argv[2] ?? 3600);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'callup-desktop',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      // Of a native program's page on this computer any port will do.
      redirect_uris: ['http://127.0.0.1/callup/signed-in'],
    },
  ],
  cookies: { keys: [randomBytes(16).toString('hex')] },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'https://calls.acme.test',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience: 'callup-gateway',
        scope: 'calls:send calls:read',
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetime,
      }),
    },
  },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: lifetime, IdToken: 3600, Interaction: 600, Grant: 86400, Session: 86400, RefreshToken: 86400 },
});
provider.on('grant.success', ({ oidc }) => say({ granted: oidc.params.grant_type }));
provider.on('grant.error', ({ oidc }, { error }) => say({ refused: oidc.params?.grant_type, error }));
provider.on('refresh_token.destroyed', () => say({ revoked: true }));
provider.on('grant.revoked', () => say({ revoked: true }));
server.on('request', provider.callback());
say({ issuer });
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
