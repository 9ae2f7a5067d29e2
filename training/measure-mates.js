/**
 * Measures how two impressions of a finger differ, for the constants of src/synthesize/touch-draw.ts: all pairs of impressions of each finger of a file that
 * measure-prints.js wrote.
 *
 *   node training/measure-mates.js PRINTS.json OUT.json
 *
 * Each line of OUT.json is a pair: score, minutiae of both, and of every pair of minutiae that coincide its indices and bits that
 * differ.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { Matcher } from '../dist/core/matcher.js'
import { loadCore } from '../dist/node/core-file.js'

const [prints, out] = process.argv.slice(2)
if (!out) throw new TypeError('measure-mates.js PRINTS.json OUT.json')
const matcher = new Matcher(loadCore())
const fingers = new Map()
for (const line of readFileSync(prints, 'utf8').trim().split('\n')) {
  const impression = contents(JSON.parse(line))
  fingers.set(impression.finger, [...(fingers.get(impression.finger) ?? []), impression])
}
const file = openSync(out, 'w')
for (const impressions of fingers.values()) {
  for (const [i, a] of impressions.entries()) {
    for (const b of impressions.slice(i + 1)) writeSync(file, `${JSON.stringify(pair(a, b))}\n`)
  }
}
closeSync(file)

function contents({ finger, name, widthPx, heightPx, minutiae, codes }) {
  return {
    finger,
    name,
    print: {
      widthPx,
      heightPx,
      minutiae: minutiae.map(([xPx, yPx, direction, type, quality]) => ({
        xPx,
        yPx,
        directionRad: (direction * Math.PI) / 128,
        type: ['other', 'ridge-ending', 'bifurcation'][type],
        quality,
      })),
      geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
      methodVersion: 0,
      learnedCodes: { networkVersion: 1, bits: new Uint8Array(Buffer.from(codes, 'base64')) },
    },
  }
}

function pair(a, b) {
  const { score, pairs } = matcher.explain(a.print, b.print)
  const differ = pairs.map(([i, j]) => [
    i,
    j,
    bitsThatDiffer(a.print.learnedCodes.bits, i, b.print.learnedCodes.bits, j),
  ])
  return { a: a.name, b: b.name, score, counts: [a.print.minutiae.length, b.print.minutiae.length], pairs: differ }
}

function bitsThatDiffer(a, i, b, j) {
  let sum = 0
  for (let k = 0; k < 16; k++) for (let left = a[16 * i + k] ^ b[16 * j + k]; left; left &= left - 1) sum++
  return sum
}
