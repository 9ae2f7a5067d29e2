import type { GrayImage } from 'sidik'
import {
  type CoreExports,
  createMemory,
  ensureBytes,
  instantiateCore,
  RESERVED_BYTES,
} from '../../dist/core/instance.js'
import { loadNetwork } from '../../dist/node/network-file.js'

/** The maps in the order of assembly/memory-network.ts. */
export const MAPS = [
  'input',
  'half',
  'quarter',
  'quarter-inner',
  'eighth',
  'eighth-inner',
  'sixteenth',
  'sixteenth-inner',
  'up8',
  'up4',
  'merged',
  'output',
  'codes',
] as const
export type MapName = (typeof MAPS)[number]

const FEATURE_MAP_BYTES = 20

/** The learned extraction of images at 500 ppi, with what it leaves in its memory. */
export class OpenNetwork {
  readonly #memory = createMemory(0, 64 * 1024 * 1024)
  readonly #core: CoreExports

  constructor(module: WebAssembly.Module) {
    this.#core = instantiateCore(module, this.#memory)
  }

  run({ data, widthPx, heightPx }: GrayImage): void {
    const core = this.#core
    const base = RESERVED_BYTES
    ensureBytes(this.#memory, base + core.EXTRACTION_HEADER_BYTES.value)
    ensureBytes(this.#memory, core.planExtraction(base, widthPx, heightPx, widthPx, heightPx))
    core.buildKernels(core.bankAt(base))
    const { bytes } = loadNetwork()
    const file = core.networkAt(base) + core.networkBytes()
    ensureBytes(this.#memory, file + bytes.length)
    new Uint8Array(this.#memory.buffer).set(bytes, file)
    if (core.loadNetwork(file, bytes.length, core.networkAt(base)) !== 0) throw new Error('the network was refused')
    new Uint8Array(this.#memory.buffer).set(data, core.sourceAt(base))
    core.extract(base)
  }

  /** A map as it is after the last stage, without the zeros round it: [row][column][channel], and [rows, columns, channels]. */
  map(name: MapName): { values: Int16Array; shape: number[] } {
    const view = new DataView(
      this.#memory.buffer,
      this.#core.mapsAt(RESERVED_BYTES) + MAPS.indexOf(name) * FEATURE_MAP_BYTES,
    )
    const [first, columns, rows, channels, rowBytes] = [0, 4, 8, 12, 16].map(at => view.getInt32(at, true))
    const values = new Int16Array(rows * columns * channels)
    for (let row = 0; row < rows; row++) {
      const line = new Int16Array(this.#memory.buffer, first + row * rowBytes, columns * channels)
      values.set(line, row * columns * channels)
    }
    return { values, shape: [rows, columns, channels] }
  }

  /** The code of every minutia, in hexadecimal. */
  codes(): string[] {
    const at = this.#core.codesAt(RESERVED_BYTES)
    return Array.from({ length: this.#core.minutiaCount(RESERVED_BYTES) }, (_, i) =>
      Buffer.from(this.#memory.buffer, at + 16 * i, 16).toString('hex'),
    )
  }
}
