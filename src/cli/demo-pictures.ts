import { join } from 'node:path'
import type { Engine } from '../engine.js'
import { loadSharp } from '../image/load-sharp.js'
import { renderMinutiae } from '../render/overlay.js'
import { renderPairs } from '../render/pairs.js'
import type { DemoResult, Visit } from './demo-run.js'
import { makeFolder, writeOutput } from './output-file.js'

const THUMBNAIL_WIDTH_PX = 300

/** A picture as it lies in the folder, and as it goes into the report. */
export interface DemoPicture {
  readonly path: string
  readonly dataUri: string
}

/** Pictures of a demonstration: in the order of those enrolled, and of the visits. */
export interface DemoPictures {
  readonly enrolled: readonly DemoPicture[]
  readonly visits: readonly DemoPicture[]
}

/** A picture for the report as JPEG, a sixth of the PNG's bytes, `widthPx` wide where that is given. */
async function jpegUri(png: Buffer, widthPx?: number): Promise<string> {
  const sharp = await loadSharp()
  const picture = widthPx === undefined ? sharp(png) : sharp(png).resize({ width: widthPx })
  const jpeg = await picture.jpeg({ quality: 85 }).toBuffer()
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`
}

async function visitPicture(engine: Engine, { print, ranking }: Visit): Promise<Buffer> {
  const best = ranking[0]?.enrolled.print
  if (!best) return renderMinutiae(print.background, print.contents.minutiae)
  const { pairs } = engine.explain(print.template, best.template)
  return renderPairs(print.background, print.contents.minutiae, best.background, best.contents.minutiae, pairs)
}

/** Draws every enrolled print with its minutiae, and every visitor's beside the one it resembles most. */
export async function drawDemo(
  engine: Engine,
  result: DemoResult,
  folder: string,
  onPicture: () => void,
): Promise<DemoPictures> {
  await makeFolder(folder)
  const enrolled: DemoPicture[] = []
  for (const { enrollee, print } of result.enrolled) {
    const png = await renderMinutiae(print.background, print.contents.minutiae)
    const path = join(folder, `enrolled-${enrollee.nik}.png`)
    await writeOutput(path, png)
    onPicture()
    enrolled.push({ path, dataUri: await jpegUri(png, THUMBNAIL_WIDTH_PX) })
  }
  const visits: DemoPicture[] = []
  for (const visit of result.visits) {
    const png = await visitPicture(engine, visit)
    const path = join(folder, `visitor-${visit.visitor.nik}.png`)
    await writeOutput(path, png)
    onPicture()
    visits.push({ path, dataUri: await jpegUri(png) })
  }
  return { enrolled, visits }
}
