// A Bluesky server and a directory of identities in one process, on loopback alone.
// usage: node start.cjs <folder with node_modules> <port> <directory's port> <data folder>
//        <public port: the server believes that it is reached there>
// Prints READY; ends on SIGTERM, and when standard input closes, so that none is left behind.
const crypto = require('node:crypto')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { createRequire } = require('node:module')

const [built, port, plcPort, folder, publicPort] = process.argv.slice(2)
const load = createRequire(path.join(built, 'package.json'))

// Both servers ask to listen on every address: let them listen on loopback instead, and the one
// that is reached by way of a gate on the port behind it.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...rest) {
  const behind = where === Number(publicPort) ? Number(port) : where
  const place = typeof where === 'number' ? { port: behind, host: '127.0.0.1' } : where
  return listen.call(this, place, ...rest)
}

const digest = (text) => crypto.createHash('sha256').update(text).digest('hex')
const defaults = {
  LOG_ENABLED: 'false',
  PDS_PORT: publicPort,
  PDS_HOSTNAME: 'localhost',
  PDS_DATA_DIRECTORY: folder,
  PDS_BLOBSTORE_DISK_LOCATION: path.join(folder, 'blobs'),
  PDS_DID_PLC_URL: `http://localhost:${plcPort}`,
  PDS_DEV_MODE: 'true',
  PDS_DISABLE_SSRF_PROTECTION: 'true', // its directory of identities is on loopback too
  PDS_INVITE_REQUIRED: 'false',
  PDS_ENABLE_DID_DOC_WITH_SESSION: 'true',
  PDS_RATE_LIMITS_ENABLED: 'false',
  PDS_DPOP_SECRET: digest('dpop'),
  PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: digest('rotation'),
}
for (const [name, value] of Object.entries(defaults)) process.env[name] ??= value

async function main() {
  fs.mkdirSync(process.env.PDS_BLOBSTORE_DISK_LOCATION, { recursive: true })
  const { PlcServer, MockDatabase } = load('@did-plc/server')
  const { PDS, envToCfg, envToSecrets, readEnv } = load('@atproto/pds')
  const plc = PlcServer.create({ db: new MockDatabase(), port: Number(plcPort) })
  await plc.start()
  const env = readEnv()
  const pds = await PDS.create(envToCfg(env), envToSecrets(env))
  await pds.start()
  console.log('READY')
  const stop = () => process.exit(0)
  process.on('SIGTERM', stop)
  process.stdin.on('end', stop).on('close', stop).resume()
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
