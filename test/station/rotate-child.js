/** A process that changes the key of a station, and seals it anew, until it is killed: file, identity. */
import { openStation, resealAll, rotateKey } from 'sidik/station'

const [path, text] = process.argv.slice(2)
const identity = JSON.parse(text)
const keys = [1, 2].map(byte => new Uint8Array(32).fill(byte))
const open = key => openStation({ path, key, identity, existing: true })
let current = 0
const station = await open(keys[0]).catch(() => {
  current = 1
  return open(keys[1])
})
for (;;) {
  current = 1 - current
  rotateKey(station, keys[current])
  process.send('rotated')
  await resealAll(station)
}
