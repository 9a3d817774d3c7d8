// A certified OAuth server on loopback alone, at the addresses where the stand-in has X's.
// usage: node start.cjs <folder with node_modules> <port> <client, as oidc-provider takes it>
// Prints READY; ends on SIGTERM, and when standard input closes, so that none is left behind.
// POST /_clock?forward=SECONDS puts its clock forward.
const path = require('node:path')
const { pathToFileURL } = require('node:url')

const [built, port, client] = process.argv.slice(2)
const SCOPES = 'tweet.read tweet.write users.read media.write offline.access'

// Set before the server is loaded, which must not see any other clock.
const now = Date.now.bind(Date)
let ahead = 0
Date.now = () => now() + ahead

async function main() {
  const entry = path.join(built, 'node_modules', 'oidc-provider', 'lib', 'index.js')
  const { default: Provider } = await import(pathToFileURL(entry).href)
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [JSON.parse(client)],
    scopes: SCOPES.split(' '),
    routes: {
      authorization: '/x.com/i/oauth2/authorize',
      token: '/api.x.com/2/oauth2/token',
      revocation: '/api.x.com/2/oauth2/revoke',
    },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    ttl: { AuthorizationCode: 30, AccessToken: 7200, RefreshToken: 86400, Grant: 86400 },
    findAccount: (context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  })
  provider.use(async (context, next) => {
    if (context.path === '/_clock') {
      ahead += Number(context.query.forward) * 1000
      context.body = {}
    } else if (context.path === '/api.x.com/2/users/me') {
      const bearer = context.get('authorization').replace(/^Bearer /, '')
      const token = await provider.AccessToken.find(bearer)
      context.status = token ? 200 : 401
      context.body = token ? { data: { id: token.accountId, username: token.accountId } } : {}
    } else {
      await next()
    }
  })
  provider.listen(Number(port), '127.0.0.1', () => console.log('READY'))
  const stop = () => process.exit(0)
  process.on('SIGTERM', stop)
  process.stdin.on('end', stop).on('close', stop).resume()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
