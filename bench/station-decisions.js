/**
 * Times the import of a file of decisions: a row for each of so many records, by NIK; then the same
 * file once more, and a file in which every line opens a quote that none closes.
 *
 *   node bench/station-decisions.js [RECORDS]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPeer, createIdentity, importDecisions, openStation, publicIdentity } from '../dist/station/index.js'
import { append } from '../dist/station/journal/append.js'
import { partsOf } from '../dist/station/station.js'

const RECORDS = Number(process.argv[2] ?? 20_000)
const AT_ONCE = 1_000
const preCheck = { decision: 'not-run', candidates: [], persons: 0 }
const nikOf = number => `327601${4_107_900_000 + number}`

const folder = mkdtempSync(join(tmpdir(), 'sidik-bench-decisions-'))
const key = new Uint8Array(32)
const centre = await openStation({ path: join(folder, 'centre.db'), key, identity: await createIdentity('centre') })
addPeer(centre, { ...(await publicIdentity(await createIdentity('below'))), relation: 'downstream' })
for (let from = 0; from < RECORDS; from += AT_ONCE) {
  partsOf(centre).file.transaction(() => {
    for (let number = from; number < Math.min(RECORDS, from + AT_ONCE); number++) {
      const body = { nik: nikOf(number), person: { name: 'x' }, operator: 'bench', preCheck }
      append(centre, { kind: 'enrolled', direction: 'up', record: `r-${number}`, recordVersion: 1, payloads: [], body })
    }
  })
}

const rows = Array.from({ length: RECORDS }, (_, number) => `${nikOf(number)};PRR;`)
await timed('taken', `nik;state;note\r\n${rows.join('\r\n')}`)
await timed('once more', `nik;state;note\r\n${rows.join('\r\n')}`)
await timed('open quotes', `record;state;note\n${'a;PRR;"x\n'.repeat(RECORDS)}`)
await centre.close()
rmSync(folder, { recursive: true })

async function timed(name, text) {
  let [last, longest] = [performance.now(), 0]
  const watching = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  const [began, used] = [performance.now(), process.cpuUsage()]
  const { taken, left, refused } = await importDecisions(centre, Buffer.from(text), { operator: 'bench' })
  const { user, system } = process.cpuUsage(used)
  clearInterval(watching)
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const each = Math.round((user + system) / RECORDS)
  const counts = `${taken} taken, ${left} left, ${refused.length} refused`
  console.log(`${name}: ${counts}; ${seconds} s, ${each} us of processor a row, longest turn ${Math.round(longest)} ms`)
}
