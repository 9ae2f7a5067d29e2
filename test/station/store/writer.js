/** A process of its own that records into a station: file, identity, number of the process, records. */
import { openStation } from 'sidik/station'
import { append } from '../../../dist/station/journal/append.js'

const [path, identity, number, count] = process.argv.slice(2)
const key = new Uint8Array(32).map((_, i) => i * 7)
const station = await openStation({ path, key, identity: JSON.parse(identity), existing: true })
const preCheck = { decision: 'clear', candidates: [], persons: 0 }
for (let i = 0; i < Number(count); i++) {
  const body = { nik: '3276014107900001', person: {}, operator: 'o', preCheck }
  append(station, { kind: 'enrolled', direction: 'up', record: `p${number}-${i}`, recordVersion: 1, body })
}
await station.close()
