/**
 * The statistics from which templates are made without an image: how the bits of a code follow from direction, flow and other
 * minutiae, fitted to real prints by training/fit_templates.py. docs/synthetic-templates.md says what it is and how near it comes.
 *
 * File, little-endian; p points, l levels, f factors, d bins of direction, n x n squares of s px; inputs = 7 + 15 p + 2 n^2:
 *
 *     offset        bytes  field
 *          0            4  magic 'SDKM'
 *          4            2  version 1
 *          6            6  p, l, f, d, n, s (u8)
 *         12            4  version of the network whose codes these are
 *         16   128 inputs  i8: weight of each input in each bit of +-1, 1/160; inputs are 1; cos and sin of d, 2 d, 3 d; then
 *                          for each of 1, cos d, sin d, cos 2 d, sin 2 d, at each point, cos and sin of twice the angle from the
 *                          minutia to the ridges, and 1 where the print is there; then the squares, each with the minutiae that
 *                          point the same way and those that do not
 *                   128 f  i8: loadings of each bit on the factors, 1/100
 *                p l + d  i8: log odds of the direction along the ridges, by level at each point, then by direction, 1/40
 */
import { readFileSync } from 'node:fs'
import { SidikError } from '../errors.js'
import { shippedFile } from '../node/shipped-file.js'
import { BITS } from './code-lanes.js'

const MODEL_FILE = shippedFile('training/weights/templates-1.bin')
const MAGIC = 0x4d4b4453
const VERSION = 1
const HEADER_BYTES = 16
const WEIGHT_UNIT = 160
const FACTOR_UNIT = 100
const POLARITY_UNIT = 40

/** Rings of points round a minutia, px from it, at which the flow is asked for; training/fit_templates.py has the same. */
export const FLOW_RINGS: readonly { readonly radiusPx: number; readonly points: number }[] = [
  { radiusPx: 28, points: 4 },
  { radiusPx: 56, points: 6 },
  { radiusPx: 90, points: 6 },
]
export const FLOW_POINTS = FLOW_RINGS.reduce((sum, { points }) => sum + points, 0)
/** Eighths of a half turn by which the ridges at a point are turned against the minutia; then outside the print. */
export const FLOW_LEVELS = 9
export const OUTSIDE_LEVEL = 8
/** Functions of the direction by which the flow is multiplied, and those that stand alone. */
export const TURNS = 5
export const DIRECTION_INPUTS = 7

export interface TemplateModel {
  /** Of the codes: templates of this model compare with those that this network made. */
  readonly networkVersion: number
  readonly factors: number
  readonly directionBins: number
  /** Squares a side, and their side, px. */
  readonly nearCells: number
  readonly nearPx: number
  /** [input][bit]. */
  readonly weights: Float32Array
  /** [bit][factor]: what the normal variable behind a bit has of each factor. */
  readonly loadings: Float32Array
  /** [point x level], then [direction bin]: log odds of the minutia lying this way along the ridges. */
  readonly polarityLogOdds: Float32Array
}

/**
 * The model as installed.
 *
 * @throws SidikError MODEL_MISSING when its file is absent, damaged or of another version
 */
export function loadTemplateModel(): TemplateModel {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(MODEL_FILE)
  } catch (cause) {
    throw new SidikError('MODEL_MISSING', `the model ${MODEL_FILE} cannot be read: reinstall sidik`, { cause })
  }
  return readTemplateModel(bytes)
}

/** The model in `bytes`. Throws as {@link loadTemplateModel}. */
export function readTemplateModel(bytes: Uint8Array): TemplateModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC || view.getUint16(4, true) !== VERSION) {
    throw new SidikError('MODEL_MISSING', `the model of synthetic templates is not one of version ${VERSION}`)
  }
  const [points, levels, factors, directionBins, nearCells, nearPx] = bytes.subarray(6, 12)
  const inputs = DIRECTION_INPUTS + 3 * TURNS * points + 2 * nearCells ** 2
  const weightBytes = BITS * inputs
  const loadingBytes = BITS * factors
  const polarityBytes = points * levels + directionBins
  if (
    points !== FLOW_POINTS ||
    levels !== FLOW_LEVELS ||
    bytes.length !== HEADER_BYTES + weightBytes + loadingBytes + polarityBytes
  ) {
    throw new SidikError('MODEL_MISSING', 'the model of synthetic templates is damaged')
  }
  const part = (from: number, length: number, unit: number) =>
    Float32Array.from({ length }, (_, i) => view.getInt8(HEADER_BYTES + from + i) / unit)
  return {
    networkVersion: view.getUint32(12, true),
    factors,
    directionBins,
    nearCells,
    nearPx,
    weights: part(0, weightBytes, WEIGHT_UNIT),
    loadings: part(weightBytes, loadingBytes, FACTOR_UNIT),
    polarityLogOdds: part(weightBytes + loadingBytes, polarityBytes, POLARITY_UNIT),
  }
}
