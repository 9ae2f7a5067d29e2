/**
 * The statistics from which templates are made without an image: a mixture of kinds of minutiae, fitted to real prints by
 * training/fit_templates.py. docs/synthetic-templates.md says what it is and how near it comes.
 *
 * File, little-endian; k kinds, p points, l levels, f factors, d bins of direction:
 *
 *     offset   bytes  field
 *          0       4  magic 'SDKM'
 *          4       2  version 1
 *          6       6  k (u16), p, l, f, d (u8)
 *         12      12  f32: shares of minutiae of each sharpness
 *         24       4  version of the network whose codes these are
 *         28    128k  i8: log odds of each bit of each kind, 1/32
 *               128f  i8: loadings of each bit on the factors, 1/100
 *                kpl  u8: -log of the chance of each level at each point, 1/24
 *             pl + d  i8: log odds of the direction along the ridges, by level at each point, then by direction, 1/40
 *                  k  u8: mean direction, 256ths of a turn
 *                  k  u8: concentration (von Mises), 1/8
 *                 2k  i16: log of the kind's share, 1/256
 */
import { readFileSync } from 'node:fs'
import { SidikError } from '../errors.js'
import { BITS } from './code-lanes.js'

const MODEL_FILE = new URL('../../training/weights/templates-1.bin', import.meta.url)
const MAGIC = 0x4d4b4453
const VERSION = 1
const HEADER_BYTES = 28

/** Points round a minutia at which the flow is asked for, px from it: rings of training/fit_templates.py. */
const RINGS = [
  { radiusPx: 28, points: 4 },
  { radiusPx: 56, points: 8 },
]
export const FLOW_POINTS: readonly { readonly radiusPx: number; readonly angleRad: number }[] = RINGS.flatMap(
  ({ radiusPx, points }) =>
    Array.from({ length: points }, (_, i) => ({ radiusPx, angleRad: (2 * Math.PI * i) / points })),
)
/** Eighths of a half turn by which the ridges at a point are turned against the minutia, and outside the print. */
export const FLOW_LEVELS = 9
export const OUTSIDE_LEVEL = 8
/** The flow at neighbouring points is nearly the same: its log likelihood has this weight (FLOW_WEIGHT of the fit). */
const FLOW_WEIGHT = 0.4
/** Factors of the log odds of the bits (SHARPNESS of the fit). */
export const SHARPNESS = [0.55, 1, 1.7] as const

export interface TemplateModel {
  /** Of the codes: templates of this model compare with those that this network made. */
  readonly networkVersion: number
  readonly kinds: number
  readonly factors: number
  readonly directionBins: number
  /** Shares of minutiae of each {@link SHARPNESS}. */
  readonly sharpnessShares: Float32Array
  /** [kind][bit]: log odds of a 1. */
  readonly bitLogOdds: Float32Array
  /** [bit][factor]: what the normal variable behind a bit has of each factor. */
  readonly loadings: Float32Array
  /** [point x level][kind]: log of the chance, weighted. */
  readonly flowLogChance: Float32Array
  /** [point x level], then [direction bin]: log odds of the minutia lying this way along the ridges. */
  readonly polarityLogOdds: Float32Array
  /** [256ths of a turn][kind]: log of the density of the direction times the kind's share. */
  readonly directionLogChance: Float32Array
}

let shared: TemplateModel | undefined

/**
 * The model as installed, read at the first call.
 *
 * @throws SidikError MODEL_MISSING when its file is absent or not of this version
 */
export function loadTemplateModel(): TemplateModel {
  shared ??= readTemplateModel(readModelFile())
  return shared
}

function readModelFile(): Uint8Array {
  try {
    return readFileSync(MODEL_FILE)
  } catch (cause) {
    throw new SidikError('MODEL_MISSING', `the model ${MODEL_FILE} cannot be read: reinstall sidik`, { cause })
  }
}

function readTemplateModel(bytes: Uint8Array): TemplateModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC || view.getUint16(4, true) !== VERSION) {
    throw new SidikError('MODEL_MISSING', `the model ${MODEL_FILE} is not one of version ${VERSION}: reinstall sidik`)
  }
  const kinds = view.getUint16(6, true)
  const [points, levels, factors, directionBins] = [8, 9, 10, 11].map(at => view.getUint8(at))
  const cells = points * levels
  const lengths = [BITS * kinds, BITS * factors, kinds * cells, cells + directionBins, kinds, kinds, 2 * kinds]
  const wanted = lengths.reduce((sum, length) => sum + length, HEADER_BYTES)
  if (points !== FLOW_POINTS.length || levels !== FLOW_LEVELS || bytes.length !== wanted) {
    throw new SidikError('MODEL_MISSING', `the model ${MODEL_FILE} is damaged: reinstall sidik`)
  }
  let at = HEADER_BYTES
  const [odds, loadings, flow, polarity, direction, kappa, prior] = lengths.map(length => {
    at += length
    return new DataView(bytes.buffer, bytes.byteOffset + at - length, length)
  })
  const signed = (part: DataView, unit: number) =>
    Float32Array.from({ length: part.byteLength }, (_, i) => part.getInt8(i) / unit)
  return {
    networkVersion: view.getUint32(24, true),
    kinds,
    factors,
    directionBins,
    sharpnessShares: Float32Array.from([12, 16, 20], offset => view.getFloat32(offset, true)),
    bitLogOdds: signed(odds, 32),
    loadings: signed(loadings, 100),
    flowLogChance: Float32Array.from({ length: kinds * cells }, (_, i) => {
      const [cell, kind] = [Math.floor(i / kinds), i % kinds]
      return (-FLOW_WEIGHT * flow.getUint8(kind * cells + cell)) / 24
    }),
    polarityLogOdds: signed(polarity, 40),
    directionLogChance: Float32Array.from({ length: 256 * kinds }, (_, i) => {
      const [turn, kind] = [Math.floor(i / kinds), i % kinds]
      const concentration = kappa.getUint8(kind) / 8
      const towards = Math.cos(((turn - direction.getUint8(kind)) * Math.PI) / 128)
      const share = prior.getInt16(2 * kind, true) / 256
      return share + concentration * (towards - 1) - logScaledBessel(concentration)
    }),
  }
}

/** ln(I0(x) e^-x), x from 0 to 32: by the integral of e^(x (cos t - 1)) over half a turn. */
function logScaledBessel(x: number): number {
  const steps = 256
  let sum = 0
  for (let i = 0; i < steps; i++) sum += Math.exp(x * (Math.cos(((i + 0.5) * Math.PI) / steps) - 1))
  return Math.log(sum / steps)
}
