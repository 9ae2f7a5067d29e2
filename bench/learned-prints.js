/**
 * Prints with learned codes from files: FOLDER/<set>/<finger>_<impression>.csv (a header line, then x, y in px at 500 ppi,
 * direction in degrees counter-clockwise, quality) and FOLDER/<set>.bin (int8 x 128 a minutia, the CSVs' minutiae one after
 * the other, by finger and impression; a value above 0 is a bit that is set).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const VALUES = 128
/** What a record holds (assembly/memory-record.ts). */
const MAX_MINUTIAE = 255
/** Stands for the network, which the files do not name. */
const NETWORK_VERSION = 1
const UNDESCRIBED = { methodVersion: 0, geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) } }

/** The sets of a folder, in order of their names. */
export function setsOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}

/** The prints of a set, by finger and impression: { finger, impression, name, contents }. */
export function readLearnedSet(folder, set) {
  const values = new Int8Array(readFileSync(join(folder, `${set}.bin`)))
  let at = 0
  const prints = readdirSync(join(folder, set))
    .filter(name => name.endsWith('.csv'))
    .map(name => ({ name: name.slice(0, -4), numbers: name.slice(0, -4).split('_').map(Number) }))
    .sort((a, b) => a.numbers[0] - b.numbers[0] || a.numbers[1] - b.numbers[1])
    .map(({ name, numbers: [finger, impression] }) => {
      const found = readMinutiae(join(folder, set, `${name}.csv`))
      const codes = values.subarray(at, at + VALUES * found.length)
      at += codes.length
      const minutiae = found.slice(0, MAX_MINUTIAE)
      const learnedCodes = { networkVersion: NETWORK_VERSION, bits: packed(codes, minutiae.length) }
      const contents = { minutiae, ...UNDESCRIBED, ...(minutiae.length > 0 && { learnedCodes }) }
      return { finger, impression, name, contents }
    })
  if (at !== values.length) throw new Error(`${set}.bin has ${values.length / VALUES} codes, the CSVs ${at / VALUES}`)
  return prints
}

function readMinutiae(path) {
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1)
  return lines.map(line => {
    const [xPx, yPx, degrees, quality = 0] = line.split(',').map(Number)
    const directionRad = ((degrees * Math.PI) / 180 + 2 * Math.PI) % (2 * Math.PI)
    return { xPx, yPx, directionRad, type: 'other', quality }
  })
}

function packed(values, count) {
  const bits = new Uint8Array(16 * count)
  for (let k = 0; k < VALUES * count; k++) if (values[k] > 0) bits[k >> 3] |= 1 << (k & 7)
  return bits
}
