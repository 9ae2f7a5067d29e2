import { createHash } from 'node:crypto'
import { type GrayImage, SidikError } from 'sidik'
import { Extractor, type Stage, type Stages } from '../../dist/core/extractor.js'

/** Runs the pipeline over any image, ridges or not, and shows what a stage had left when it was done. */
export class StageLab {
  readonly extractor: Extractor
  #wanted: Stage | undefined
  #seen: Stages | undefined

  constructor(module: WebAssembly.Module) {
    this.extractor = new Extractor(module, undefined, stage => {
      if (stage === this.#wanted) this.#seen = this.extractor.stages()
    })
  }

  /** What there was after `stage`. */
  after(stage: Stage, image: GrayImage): Stages {
    this.#wanted = stage
    this.#seen = undefined
    try {
      this.extractor.extract(image)
    } catch (error) {
      // A grating has no minutiae and is refused, after all its stages were done.
      if (!(error instanceof SidikError) || error.code !== 'NOT_A_FINGERPRINT') throw error
    }
    this.#wanted = undefined
    if (this.#seen === undefined) throw new Error(`the stage ${stage} was not reached`)
    return this.#seen
  }
}

/** Numbers of the cells that are at least `rimCells` from the edge of the image. */
export function innerCells({ widthPx, heightPx, cellPx }: Stages, rimCells: number): number[] {
  const columns = widthPx / cellPx
  const rows = heightPx / cellPx
  const cells: number[] = []
  for (let row = rimCells; row < rows - rimCells; row++) {
    for (let column = rimCells; column < columns - rimCells; column++) cells.push(row * columns + column)
  }
  return cells
}

/** Orientation of a cell, radians. */
export function orientationRad(stages: Stages, cell: number): number {
  return (stages.orientation[cell] * Math.PI) / 256
}

/** Stands for all of the stages' images and maps in a comparison: element by element takes the test runner seconds. */
export function digest(stages: Stages): Record<string, string | number> {
  const entries = Object.entries(stages).map(([name, value]: [string, number | NodeJS.ArrayBufferView]) => {
    return [name, typeof value === 'number' ? value : createHash('sha1').update(value).digest('hex')]
  })
  return Object.fromEntries(entries)
}
