import { SidikError } from '../errors.js'
import { judgeQuality, type Measures } from '../quality.js'
import type { GrayImage, LearnedCodes, Minutia, MinutiaType, Quality } from '../types.js'
import { type CoreExports, createMemory, ensureBytes, instantiateCore, RESERVED_BYTES } from './instance.js'
import { type Network, refusedByCore } from './network.js'

/** Resolution that the method works at: all its distances are in pixels of 1/500 inch. */
export const WORKING_PPI = 500

/** Largest print, pixels at 500 ppi: 100 x 100 mm, a whole hand's slap and more. */
const MAX_PIXELS = 4_000_000

/** What a shorter side is filled up to (SMALLEST of assembly/memory.ts): a thread of pixels costs as much as a ribbon. */
const LEAST_SIDE_PX = 32

/** Address space for one print of MAX_PIXELS that came at 1,100 ppi (about 65 bytes a pixel at 500 ppi). */
const MAX_BYTES = 384 * 1024 * 1024

/** ISO/IEC 19794-2:2005, table 3. */
const TYPES: readonly MinutiaType[] = ['other', 'ridge-ending', 'bifurcation']

/**
 * The stages by number (assembly/tap.ts), in the order they are done: after 'segment' the classical extraction goes on to
 * 'false-minutiae', the learned one from 'view'.
 */
export const STAGES = [
  'resample',
  'normalize',
  'orientation',
  'frequency',
  'clarity',
  'segment',
  'enhance',
  'refine',
  'binarize',
  'thin',
  'minutiae',
  'false-minutiae',
  'view',
  'map',
  'detect',
  'encode',
] as const
export type Stage = (typeof STAGES)[number]

/** What a print gave. Positions and sizes in pixels at 500 ppi. */
export interface ExtractedPrint {
  readonly widthPx: number
  readonly heightPx: number
  readonly minutiae: Minutia[]
  /** Of the minutiae, by the network; absent from the classical extraction. */
  readonly learnedCodes?: LearnedCodes
  readonly quality: Quality
  readonly measures: Measures
  /** Time in the core, milliseconds. */
  readonly extractMs: number
}

/** Intermediate results of the last print, for overlays, tests and tuning. Images are widthPx x heightPx. */
export interface Stages {
  readonly widthPx: number
  readonly heightPx: number
  /** Side of a cell, px; the maps below have widthPx / cellPx columns. */
  readonly cellPx: number
  readonly gray: Uint8Array
  readonly normalized: Int16Array
  readonly enhanced: Int16Array
  readonly ridges: Uint8Array
  readonly skeleton: Uint8Array
  /** 256ths of a half turn, counter-clockwise with y up. */
  readonly orientation: Uint8Array
  readonly mask: Uint8Array
  readonly periodPx: Float32Array
  readonly clarity: Float32Array
}

/**
 * Extracts minutiae in one instance of the core with a memory of its own, which grows to the largest print seen: with a network
 * by the learned extraction, without one by the classical one. Not reentrant; one per thread. After a trap the instance is
 * in an unknown state: drop it.
 */
export class Extractor {
  readonly #memory: WebAssembly.Memory
  readonly #core: CoreExports
  readonly #network: Network | undefined
  #prepared = false

  /**
   * @param network that finds and encodes the minutiae; without it they are found classically and have no learned codes
   * @param onStage called when a stage is done; `stages()` then gives what there is so far
   */
  constructor(module: WebAssembly.Module, network?: Network, onStage?: (stage: Stage) => void) {
    this.#memory = createMemory(0, MAX_BYTES)
    this.#core = instantiateCore(module, this.#memory, stage => onStage?.(STAGES[stage]!))
    this.#network = network
  }

  /**
   * @throws SidikError IMAGE_TOO_LARGE for more than 4 million pixels at 500 ppi; NOT_A_FINGERPRINT when there are no
   * ridges to speak of; NETWORK_VERSION when the network is not of this core's layers
   */
  extract(image: GrayImage): ExtractedPrint {
    const started = performance.now()
    const { widthPx, heightPx } = this.#run(image)
    const minutiae = this.#readMinutiae(widthPx, heightPx)
    const measures = this.#readMeasures()
    const quality = judgeQuality(measures, minutiae.length)
    const refusal = quality.reasons.find(reason => reason.code === 'not-a-fingerprint')
    if (refusal) {
      const found = `ridge area ${measures.areaMm2.toFixed(1)} mm2, clarity ${measures.clarity.toFixed(2)}`
      throw new SidikError('NOT_A_FINGERPRINT', `${refusal.message} (${found}); capture the finger again`)
    }
    const learnedCodes = this.#readCodes(minutiae.length)
    const extractMs = performance.now() - started
    return { widthPx, heightPx, minutiae, ...(learnedCodes && { learnedCodes }), quality, measures, extractMs }
  }

  /** Copies of the intermediate results of the last `extract`. */
  stages(): Stages {
    const base = RESERVED_BYTES
    const core = this.#core
    const widthPx = core.stageWidth(base)
    const heightPx = core.stageHeight(base)
    const cellPx = core.CELL.value as number
    const pixels = widthPx * heightPx
    const cells = pixels / (cellPx * cellPx)
    const buffer = this.#memory.buffer
    const bytes = (at: number, length: number) => new Uint8Array(buffer, at, length).slice()
    const floats = (at: number) => new Float32Array(buffer, at, cells).slice()
    return {
      widthPx,
      heightPx,
      cellPx,
      gray: bytes(core.grayAt(base), pixels),
      normalized: this.#withoutMargins(core.normalAt(base), widthPx, heightPx),
      enhanced: this.#withoutMargins(core.enhancedAt(base), widthPx, heightPx),
      ridges: bytes(core.ridgesAt(base), pixels),
      skeleton: bytes(core.skeletonAt(base), pixels),
      orientation: bytes(core.orientationAt(base), cells),
      mask: bytes(core.maskAt(base), cells),
      periodPx: floats(core.periodAt(base)),
      clarity: floats(core.clarityAt(base)),
    }
  }

  #run(image: GrayImage): { widthPx: number; heightPx: number } {
    const scale = WORKING_PPI / image.ppi
    const widthPx = Math.max(1, Math.round(image.widthPx * scale))
    const heightPx = Math.max(1, Math.round(image.heightPx * scale))
    if (Math.max(widthPx, LEAST_SIDE_PX) * Math.max(heightPx, LEAST_SIDE_PX) > MAX_PIXELS) {
      throw new SidikError(
        'IMAGE_TOO_LARGE',
        `the image is ${widthPx} x ${heightPx} px at 500 ppi, more than ${MAX_PIXELS / 1e6} million ` +
          `(a side counts as at least ${LEAST_SIDE_PX}): cut out the finger`,
      )
    }
    const base = RESERVED_BYTES
    ensureBytes(this.#memory, base + (this.#core.EXTRACTION_HEADER_BYTES.value as number))
    ensureBytes(this.#memory, this.#core.planExtraction(base, image.widthPx, image.heightPx, widthPx, heightPx))
    this.#prepare(base)
    new Uint8Array(this.#memory.buffer).set(image.data, this.#core.sourceAt(base))
    if (this.#network === undefined) this.#core.extractClassically(base)
    else this.#core.extract(base)
    return { widthPx, heightPx }
  }

  /** Makes what every print needs and none alters: the kernels, the network as the core reads it. */
  #prepare(base: number): void {
    if (this.#prepared) return
    this.#core.buildKernels(this.#core.bankAt(base))
    if (this.#network !== undefined) {
      const { bytes } = this.#network
      const network = this.#core.networkAt(base)
      const file = network + this.#core.networkBytes()
      ensureBytes(this.#memory, file + bytes.length)
      new Uint8Array(this.#memory.buffer).set(bytes, file)
      if (this.#core.loadNetwork(file, bytes.length, network) !== 0) throw refusedByCore()
    }
    this.#prepared = true
  }

  #readCodes(count: number): LearnedCodes | undefined {
    if (this.#network === undefined || count === 0) return undefined
    const bits = new Uint8Array(this.#memory.buffer, this.#core.codesAt(RESERVED_BYTES), count * 16).slice()
    return { networkVersion: this.#network.version, bits: new Uint8Array(bits) }
  }

  #readMinutiae(widthPx: number, heightPx: number): Minutia[] {
    const count = this.#core.minutiaCount(RESERVED_BYTES)
    const at = this.#core.minutiaeAt(RESERVED_BYTES)
    const stride = this.#core.minutiaBytes()
    const view = new DataView(this.#memory.buffer)
    const minutiae: Minutia[] = []
    for (let i = 0; i < count; i++) {
      const entry = at + i * stride
      const xPx = view.getInt32(entry, true)
      const yPx = view.getInt32(entry + 4, true)
      // The working image is rounded up to whole cells; nothing outside the print's own is reported.
      if (xPx >= widthPx || yPx >= heightPx) continue
      minutiae.push({
        xPx,
        yPx,
        directionRad: view.getFloat32(entry + 8, true),
        type: TYPES[view.getInt32(entry + 12, true)] ?? 'other',
        quality: view.getInt32(entry + 16, true),
      })
    }
    return minutiae
  }

  #readMeasures(): Measures {
    const count = this.#core.MEASURES.value as number
    const values = new Float32Array(this.#memory.buffer, this.#core.measuresAt(RESERVED_BYTES), count)
    const [areaMm2, clarity, contrast, ridgeShare, gray, periodPx, quality, flow, variedMm2, poorShare, offCentre] = [
      ...values,
    ] as [number, number, number, number, number, number, number, number, number, number, number]
    return {
      areaMm2,
      clarity,
      contrast,
      ridgeShare,
      gray,
      periodPx,
      quality,
      flow,
      variedMm2,
      poorShare,
      offCentre,
    }
  }

  #withoutMargins(at: number, widthPx: number, heightPx: number): Int16Array {
    const margin = this.#core.MARGIN.value as number
    const stride = widthPx + 2 * margin
    const padded = new Int16Array(this.#memory.buffer, at, stride * (heightPx + 2 * margin))
    const image = new Int16Array(widthPx * heightPx)
    for (let y = 0; y < heightPx; y++) {
      const from = (y + margin) * stride + margin
      image.set(padded.subarray(from, from + widthPx), y * widthPx)
    }
    return image
  }
}
