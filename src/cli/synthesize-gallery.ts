import { format, parse } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { writeSyntheticGallery } from '../synthesize/write-gallery.js'
import type { Context, Outcome } from './command.js'
import { EXIT } from './exit-codes.js'
import { checkWritable } from './output-file.js'
import { counted, formatCount, formatMs } from './text.js'

export interface GalleryOptions {
  readonly templates: number
  readonly probes?: number
  readonly seed: number
  readonly output: string
  readonly threads?: number
}

/** Beside the gallery, under its name with `.probes` before the extension. */
function probesPathOf(output: string): string {
  const { dir, name, ext } = parse(output)
  return format({ dir, name: `${name}.probes`, ext })
}

/** Makes a gallery file of synthetic templates, and one of probes. */
export async function synthesizeGallery({ signal, startProgress }: Context, options: GalleryOptions): Promise<Outcome> {
  const { templates, probes = 0, seed, output, threads } = options
  if (probes > templates) throw new InvalidArgumentError(`--probes ${probes} is more than --templates ${templates}.`)
  const probesPath = probes > 0 ? probesPathOf(output) : undefined
  await checkWritable(output)
  await checkWritable(probesPath)
  const startedAt = performance.now()
  const progress = startProgress('synthesizing', templates + probes)
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total)
    const where = probesPath === undefined ? {} : { probes, probesPath }
    await writeSyntheticGallery(output, {
      templates,
      ...where,
      seed,
      ...(threads !== undefined && { threads }),
      signal,
      onProgress,
    })
  } finally {
    progress.stop()
  }
  const elapsedMs = performance.now() - startedAt
  const perSecond = Math.round((1000 * (templates + probes)) / elapsedMs)
  const lines = [
    `${counted(templates, 'template')} in ${formatMs(elapsedMs)} (${formatCount(perSecond)} a second): ${output}`,
  ]
  if (probesPath !== undefined) lines.push(`${counted(probes, 'probe')} of them: ${probesPath}`)
  const json = { gallery: output, templates, probes, probesGallery: probesPath ?? null, seed, elapsedMs }
  return { exitCode: EXIT.DONE, json, text: lines.join('\n') }
}
