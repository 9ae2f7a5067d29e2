/**
 * Records synchronised between two processes on this machine: how many a second, with receipts, and where the processor's time goes.
 *
 *   node bench/station-sync.js [--records 300] [--kilobytes 150] [--line pipe|http] [--message-bytes 4194304] [--folder DIR]
 *
 * The records are of random bytes: templates of 20 KB, ten images, a photo. `pipe` carries messages over a pipe between the processes, `http` by
 * the HTTP transport and a tus server. A record counts when its receipt is here, checked. Sealing is timed apart, on messages of the same size.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { open, seal } from '../dist/station/age.js'
import {
  addPeer,
  createIdentity,
  hostTransport,
  httpTransport,
  openStation,
  publicIdentity,
  sync,
} from '../dist/station/index.js'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'
import { putPayload } from '../dist/station/store/payloads.js'
import { describeMachine } from './support/machine.js'
import { randomTemplates } from './support/random-templates.js'
import { figure, formatTable, whole } from './support/table.js'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '300' },
    kilobytes: { type: 'string', default: '150' },
    line: { type: 'string', default: 'pipe' },
    'message-bytes': { type: 'string', default: '4194304' },
    folder: { type: 'string' },
  },
})
const count = Number(values.records)
const recordBytes = Number(values.kilobytes) * 1_000
const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'sidik-station-sync-'))
const [kioskIdentity, hubIdentity] = [await createIdentity('kiosk-1'), await createIdentity('hub')]
const [kioskKnown, hubKnown] = [await publicIdentity(kioskIdentity), await publicIdentity(hubIdentity)]
const key = new Uint8Array(randomBytes(32))
const kiosk = await openStation({ path: join(folder, 'kiosk.sidik'), key, identity: kioskIdentity })
addPeer(kiosk, { ...hubKnown, relation: 'upstream' })
for (let number = 1; number <= count; number++) record(number)

const hub = fork(fileURLToPath(new URL('support/station-sync/hub.js', import.meta.url)), { serialization: 'advanced' })
const answers = []
hub.on('message', answer => answers.shift()(answer))
const ask = question =>
  new Promise(resolve => {
    answers.push(resolve)
    hub.send(question)
  })
const opening = { folder, identity: hubIdentity, peer: kioskKnown, http: values.line === 'http' }
const { url } = await ask({ open: opening })
const transport =
  values.line === 'http'
    ? httpTransport({ url, identity: kioskIdentity, peer: hubKnown })
    : hostTransport('a pipe', async message => (await ask({ message })).answer)

const before = process.cpuUsage()
const started = performance.now()
const result = await sync(kiosk, transport, { messageBytes: Number(values['message-bytes']) })
const seconds = (performance.now() - started) / 1_000
const here = process.cpuUsage(before)
const there = (await ask({ usage: true })).cpu
if (result.receipts !== count || result.unsent !== 0)
  throw new Error(`not all were synchronised: ${JSON.stringify(result)}`)
const sealing = await sealingMs(Math.round(result.sentBytes / result.exchanges))
const mebibytes = result.sentBytes / 2 ** 20
const cpuOf = ({ user, system }) => (user + system) / 1e6
const row = (name, cpu, age) => [name, figure(cpu), figure((cpu / count) * 1e3), figure((age * mebibytes) / 1e3)]
console.log(describeMachine())
console.log(
  `${whole(count)} records of ${values.kilobytes} KB over ${values.line}: ${figure(seconds)} s, ${figure(count / seconds)} records/s, ` +
    `${figure(result.sentBytes / 1e6 / seconds)} MB/s, ${result.exchanges} exchanges`,
)
console.log(
  formatTable(
    ['process', 'CPU s', 'CPU ms a record', 'of it age s'],
    [row('kiosk (seals)', cpuOf(here), sealing.seal), row('hub (opens)', cpuOf(there), sealing.open)],
  ),
)
hub.disconnect()
await transport.close?.()
await kiosk.close()
rmSync(folder, { recursive: true })

function record(number) {
  const { file, keys } = partsOf(kiosk)
  const image = Math.floor((recordBytes - 30_000) / 10)
  const sizes = { templates: 20_000, photo: 10_000 }
  for (let position = 1; position <= 10; position++) sizes[`finger-${position}`] = image
  file.transaction(() => {
    const payloads = Object.entries(sizes).map(([role, size]) =>
      putPayload(file, keys, role, role === 'templates' ? randomTemplates(size) : randomBytes(size)),
    )
    const preCheck = { decision: 'clear', candidates: [], persons: 0 }
    const body = { nik: '0'.repeat(16), person: { name: 'Nama' }, operator: 'bench', preCheck }
    append(kiosk, { kind: 'enrolled', direction: 'up', record: `r${number}`, recordVersion: 1, payloads, body })
  })
}

/** Milliseconds of the processor that age takes for a MiB of messages of that length. */
async function sealingMs(bytes) {
  const message = randomBytes(bytes)
  const whole = async pieces => {
    const all = []
    for await (const piece of pieces) all.push(piece)
    return Buffer.concat(all)
  }
  async function* of(piece) {
    yield piece
  }
  const cpuMs = async work => {
    await work()
    const begin = process.cpuUsage()
    const repeats = 5
    for (let i = 0; i < repeats; i++) await work()
    const { user, system } = process.cpuUsage(begin)
    return (user + system) / 1e3 / repeats / (bytes / 2 ** 20)
  }
  const sealed = await whole(seal(of(message), hubKnown.sealTo))
  return {
    seal: await cpuMs(() => whole(seal(of(message), hubKnown.sealTo))),
    open: await cpuMs(() => whole(open(of(sealed), hubIdentity.openingKey))),
  }
}
