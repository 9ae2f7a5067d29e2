/** Minutiae that other extractors found in the development sets: ../shared/data/peer-minutiae (its README has the conventions). */
import { existsSync, readFileSync } from 'node:fs'

const ROOT = new URL('../shared/data/peer-minutiae/', new URL('..', import.meta.url))

export const SETS = [2002, 2004].flatMap(year => [1, 2, 3, 4].map(db => `fvc${year}-db${db}b`))
export const EXTRACTORS = ['mindtct', 'sourceafis']

/** mindtct's positions are in the image's own pixels; two sets are not at 500 ppi. */
const PPI = { 'fvc2002-db2b': 569, 'fvc2004-db3b': 512 }

/** Whether the minutiae of a set are there. */
export function hasSet(extractor, set) {
  return existsSync(new URL(`${extractor}/${set}/`, ROOT))
}

/** The 80 prints of a set, finger after finger: { finger, impression, minutiae }. */
export function readSet(extractor, set) {
  const prints = []
  for (let finger = 101; finger <= 110; finger++) {
    for (let impression = 1; impression <= 8; impression++) {
      prints.push({ finger, impression, minutiae: readMinutiae(extractor, set, `${finger}_${impression}`) })
    }
  }
  return prints
}

function readMinutiae(extractor, set, name) {
  const scale = extractor === 'mindtct' ? 500 / (PPI[set] ?? 500) : 1
  const lines = readFileSync(new URL(`${extractor}/${set}/${name}.csv`, ROOT), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  return lines.slice(0, 255).map(line => {
    const [x, y, direction, last] = line.split(',')
    const clockwise = extractor === 'sourceafis'
    const angle = clockwise ? 2 * Math.PI - Number(direction) : (Number(direction) * Math.PI) / 180
    const type = last === 'E' ? 'ridge-ending' : last === 'B' ? 'bifurcation' : 'other'
    return { xPx: Number(x) * scale, yPx: Number(y) * scale, directionRad: angle % (2 * Math.PI), type, quality: 0 }
  })
}
