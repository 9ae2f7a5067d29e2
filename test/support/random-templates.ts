import type { Engine, Minutia, Template } from 'sidik'
import { encodeTemplate, templateToRecord } from 'sidik/formats'

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const SIZE = { widthPx: 320, heightPx: 400 }

/** Minutiae of no finger: scattered at random, at least 12 px apart where that is possible. */
export function randomMinutiae(next: () => number, count = 20 + Math.floor(next() * 35)): Minutia[] {
  const minutiae: Minutia[] = []
  for (let tries = 0; minutiae.length < count && tries < 40 * count; tries++) {
    const xPx = Math.floor(next() * SIZE.widthPx)
    const yPx = Math.floor(next() * SIZE.heightPx)
    if (minutiae.some(other => Math.hypot(other.xPx - xPx, other.yPx - yPx) < 12)) continue
    const directionRad = (Math.floor(next() * 256) / 256) * 2 * Math.PI
    minutiae.push({ xPx, yPx, directionRad, type: next() < 0.5 ? 'ridge-ending' : 'bifurcation', quality: 50 })
  }
  return minutiae
}

/** The same finger again: moved, turned a little, a few minutiae lost, others shaken. */
export function secondImpression(next: () => number, minutiae: readonly Minutia[]): Minutia[] {
  const turn = (next() - 0.5) * 0.5
  const [dx, dy] = [(next() - 0.5) * 30, (next() - 0.5) * 30]
  return minutiae
    .filter(() => next() > 0.15)
    .map(minutia => {
      const [x, y] = [minutia.xPx - 160, minutia.yPx - 200]
      const xPx = Math.round(160 + x * Math.cos(turn) + y * Math.sin(turn) + dx + (next() - 0.5) * 4)
      const yPx = Math.round(200 - x * Math.sin(turn) + y * Math.cos(turn) + dy + (next() - 0.5) * 4)
      const directionRad = (minutia.directionRad + turn + (next() - 0.5) * 0.2 + 4 * Math.PI) % (2 * Math.PI)
      return { ...minutia, xPx, yPx, directionRad }
    })
    .filter(({ xPx, yPx }) => xPx >= 0 && yPx >= 0 && xPx < SIZE.widthPx && yPx < SIZE.heightPx)
}

/** A template without codes, which the core makes from the minutiae when it needs them. */
export function templateOf(minutiae: readonly Minutia[]): Template {
  return encodeTemplate({
    ...SIZE,
    sourcePpi: 500,
    quality: 60,
    fingerPosition: 0,
    methodVersion: 0,
    minutiae,
    geometricCodes: { bits: new Uint8Array(0), masks: new Uint32Array(0) },
  })
}

export function randomTemplate(next: () => number): Template {
  return templateOf(randomMinutiae(next))
}

/** The template with its codes, as extraction leaves it, so that they are not made anew at each use. */
export function described(engine: Engine, template: Template): Template {
  return engine.importIso(templateToRecord(template, { format: 'iso-19794-2-2005' })).template
}
