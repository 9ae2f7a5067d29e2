import type { GrayImage, Minutia } from 'sidik'
import { STAGES, type Stage } from '../../dist/core/extractor.js'
import {
  type CoreExports,
  createMemory,
  ensureBytes,
  instantiateCore,
  RESERVED_BYTES,
} from '../../dist/core/instance.js'

/** The memory of an extraction in progress: what is written here is what the next stage reads. */
export interface OpenParts {
  readonly widthPx: number
  readonly heightPx: number
  readonly ridges: Uint8Array
  readonly skeleton: Uint8Array
  readonly mask: Uint8Array
  readonly clarity: Float32Array
}

/** Extraction of images at 500 ppi whose stages can be handed something else than the stage before made. */
export class OpenExtraction {
  readonly #memory = createMemory(0, 64 * 1024 * 1024)
  readonly #core: CoreExports
  #onStage: (stage: Stage) => void = () => {}

  constructor(module: WebAssembly.Module) {
    this.#core = instantiateCore(module, this.#memory, stage => this.#onStage(STAGES[stage]))
  }

  /** Minutiae after the last stage, whether it looks like a print or not. */
  run(image: GrayImage, onStage: (stage: Stage, parts: OpenParts) => void = () => {}): Minutia[] {
    const core = this.#core
    const base = RESERVED_BYTES
    const { widthPx, heightPx } = image
    ensureBytes(this.#memory, base + core.EXTRACTION_HEADER_BYTES.value)
    ensureBytes(this.#memory, core.planExtraction(base, widthPx, heightPx, widthPx, heightPx))
    core.buildKernels(core.bankAt(base))
    new Uint8Array(this.#memory.buffer).set(image.data, core.sourceAt(base))
    const parts = this.#parts()
    this.#onStage = stage => onStage(stage, parts)
    core.extractClassically(base)
    return this.minutiae()
  }

  /** Those found so far: candidates until the false ones are removed. */
  minutiae(): Minutia[] {
    const core = this.#core
    const view = new DataView(this.#memory.buffer, core.minutiaeAt(RESERVED_BYTES))
    return Array.from({ length: core.minutiaCount(RESERVED_BYTES) }, (_, i) => {
      const at = i * core.minutiaBytes()
      return {
        xPx: view.getInt32(at, true),
        yPx: view.getInt32(at + 4, true),
        directionRad: view.getFloat32(at + 8, true),
        type: view.getInt32(at + 12, true) === 1 ? 'ridge-ending' : 'bifurcation',
        quality: view.getInt32(at + 16, true),
      }
    })
  }

  /** Of what was run last, a print or not (assembly/memory.ts, MEASURE_AREA and MEASURE_VARIED). */
  areas(): { areaMm2: number; variedMm2: number } {
    const measures = new Float32Array(this.#memory.buffer, this.#core.measuresAt(RESERVED_BYTES), 9)
    return { areaMm2: measures[0], variedMm2: measures[8] }
  }

  #parts(): OpenParts {
    const core = this.#core
    const base = RESERVED_BYTES
    const widthPx = core.stageWidth(base)
    const heightPx = core.stageHeight(base)
    const bytes = (at: number, length: number) => new Uint8Array(this.#memory.buffer, at, length)
    const cells = (widthPx * heightPx) / core.CELL.value ** 2
    return {
      widthPx,
      heightPx,
      ridges: bytes(core.ridgesAt(base), widthPx * heightPx),
      skeleton: bytes(core.skeletonAt(base), widthPx * heightPx),
      mask: bytes(core.maskAt(base), cells),
      clarity: new Float32Array(this.#memory.buffer, core.clarityAt(base), cells),
    }
  }
}
