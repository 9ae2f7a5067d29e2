import { whole } from '../../template/ranges.js'
import type { FieldReader } from '../field-reader.js'
import type { FieldWriter } from '../field-writer.js'
import type { ExtensionContext } from './extension-context.js'
import { MAX_COORDINATE } from './minutia-words.js'

/**
 * Cores and deltas, extension 2 (ISO/IEC 19794-2:2005, 7.5, and :2011; ANSI INCITS 378). Big-endian.
 *
 *     bytes  field                                      core or delta, bytes
 *         1  count of cores, 0 to 15                        2  x
 *            cores                                          2  y
 *         1  count of deltas, 0 to 15                   1 or 3  angle of a core, angles of a delta, where stated
 *            deltas
 *
 * Whether angles are stated is bit 6 (0x40) of the count in ANSI records, so for all or none; bit 14 (0x4000) of each x
 * in ISO records.
 */

export interface Core {
  /** Pixels of the image from the left and the top. */
  readonly x: number
  readonly y: number
  /** In the unit of the record's minutiae. */
  readonly angle?: number
}

export interface Delta {
  readonly x: number
  readonly y: number
  /** Of the three valleys that run from it. */
  readonly angles?: readonly [number, number, number]
}

export interface CoresAndDeltasExtension {
  readonly kind: 'cores-and-deltas'
  readonly cores: readonly Core[]
  readonly deltas: readonly Delta[]
}

interface Point {
  readonly x: number
  readonly y: number
  readonly angles: readonly number[]
}

const MOST_POINTS = 15
const ANGLES_IN_COUNT = 0x40
const ANGLES_IN_X = 0x4000
const ANGLES_OF_CORE = 1
const ANGLES_OF_DELTA = 3

export function readCoresAndDeltas(fields: FieldReader, context: ExtensionContext): CoresAndDeltasExtension {
  const cores = readPoints(fields, 'core', ANGLES_OF_CORE, context)
  const deltas = readPoints(fields, 'delta', ANGLES_OF_DELTA, context)
  if (fields.leftBytes > 0) {
    throw fields.corrupt('cores and deltas', fields.offset, `end ${fields.leftBytes} bytes before their extension`)
  }
  return {
    kind: 'cores-and-deltas',
    cores: cores.map(({ x, y, angles }) => (angles.length > 0 ? { x, y, angle: angles[0] } : { x, y })),
    deltas: deltas.map(({ x, y, angles: [a, b, c] }) => (a === undefined ? { x, y } : { x, y, angles: [a, b, c] })),
  }
}

export function writeCoresAndDeltas(
  out: FieldWriter,
  { cores, deltas }: CoresAndDeltasExtension,
  path: string,
  context: ExtensionContext,
): void {
  const corePoints = cores.map(({ x, y, angle }) => ({ x, y, angles: angle === undefined ? [] : [angle] }))
  const deltaPoints = deltas.map(({ x, y, angles }) => ({ x, y, angles: angles ?? [] }))
  writePoints(out, corePoints, `${path}.cores`, ANGLES_OF_CORE, context)
  writePoints(out, deltaPoints, `${path}.deltas`, ANGLES_OF_DELTA, context)
}

function readPoints(fields: FieldReader, name: string, angleCount: number, context: ExtensionContext): Point[] {
  const isAnsi = context.standard === 'ansi-378'
  const countAt = fields.offset
  const info = fields.u8(`count of ${name}s`)
  const allHaveAngles = isAnsi && (info & ANGLES_IN_COUNT) !== 0
  const count = allHaveAngles ? info - ANGLES_IN_COUNT : info
  if (count > MOST_POINTS || (allHaveAngles && count === 0)) {
    throw fields.corrupt(`count of ${name}s`, countAt, `is ${info}, not 0 to ${MOST_POINTS}`)
  }
  return Array.from({ length: count }, () => {
    const offset = fields.offset
    const flagsAndX = fields.u16(`${name} x`)
    const hasAngles = isAnsi ? allHaveAngles : (flagsAndX & ANGLES_IN_X) !== 0
    const x = hasAngles && !isAnsi ? flagsAndX - ANGLES_IN_X : flagsAndX
    if (x > mostX(context)) throw fields.corrupt(`${name} x`, offset, `is ${x}, must be from 0 to ${mostX(context)}`)
    const y = fields.u16(`${name} y`, 0, mostY(context))
    const angles = Array.from({ length: hasAngles ? angleCount : 0 }, () =>
      fields.u8(`${name} angle`, 0, mostAngle(context)),
    )
    return { x, y, angles }
  })
}

function writePoints(
  out: FieldWriter,
  points: readonly Point[],
  path: string,
  angleCount: number,
  context: ExtensionContext,
): void {
  const count = whole(`${path}.length`, points.length, 0, MOST_POINTS)
  const withAngles = points.filter(({ angles }) => angles.length > 0).length
  const isAnsi = context.standard === 'ansi-378'
  if (isAnsi) whole(`the count of ${path} with angles`, withAngles, withAngles > 0 ? count : 0, count)
  out.u8(path, isAnsi && withAngles > 0 ? count + ANGLES_IN_COUNT : count)
  points.forEach(({ x, y, angles }, i) => {
    whole(`${path}[${i}].x`, x, 0, mostX(context))
    out.u16(path, !isAnsi && angles.length > 0 ? x + ANGLES_IN_X : x)
    out.u16(`${path}[${i}].y`, y, 0, mostY(context))
    if (angles.length > 0) whole(`the count of ${path}[${i}] angles`, angles.length, angleCount, angleCount)
    for (const angle of angles) out.u8(`angle of ${path}[${i}]`, angle, 0, mostAngle(context))
  })
}

const mostX = ({ widthPx }: ExtensionContext) => Math.min(widthPx - 1, MAX_COORDINATE)

const mostY = ({ heightPx }: ExtensionContext) => Math.min(heightPx - 1, MAX_COORDINATE)

function mostAngle({ standard }: ExtensionContext): number {
  return standard === 'ansi-378' ? 179 : 0xff
}
