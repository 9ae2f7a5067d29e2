import type { Command } from 'commander'
import { templateToRecord } from '../formats/minutiae/template-record.js'
import { renderMinutiae } from '../render/overlay.js'
import type { MinutiaType } from '../types.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type LoadedPrint, loadPrint } from './load-print.js'
import { type CommonOptions, classicalOption, jsonOption, ppiOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { counted, formatMs } from './text.js'
import { withEngine } from './with-engine.js'

interface ExtractOptions extends CommonOptions {
  readonly output?: string
  readonly iso?: string
  readonly overlay?: string
}

async function extract({ signal }: Context, file: string, options: ExtractOptions): Promise<Outcome> {
  const { output, iso, overlay, ppi, classical } = options
  for (const path of [output, iso, overlay]) await checkWritable(path)
  return withEngine(1, async engine => {
    const print = await loadPrint(engine, file, { ppi, classical, signal })
    if (output !== undefined) await writeOutput(output, print.template)
    if (iso !== undefined) {
      await writeOutput(iso, templateToRecord(print.template, { format: 'iso-19794-2-2005' }))
    }
    if (overlay !== undefined)
      await writeOutput(overlay, await renderMinutiae(print.background, print.contents.minutiae))
    return { exitCode: EXIT.DONE, json: asJson(print, options), text: asText(print, options) }
  })
}

function asJson(print: LoadedPrint, { output, iso, overlay }: ExtractOptions): unknown {
  const { widthPx, heightPx, sourcePpi, minutiae, quality } = print.contents
  return {
    file: print.path,
    kind: print.kind,
    widthPx,
    heightPx,
    sourcePpi,
    quality: print.quality ?? { score: quality },
    extractMs: print.extractMs,
    templateBytes: print.template.length,
    minutiae,
    written: { template: output, iso, overlay },
  }
}

function asText(print: LoadedPrint, { output, iso, overlay }: ExtractOptions): string {
  const { widthPx, heightPx, sourcePpi, minutiae } = print.contents
  const count = (type: MinutiaType) => minutiae.filter(minutia => minutia.type === type).length
  const lines = [
    `${print.path}: ${counted(minutiae.length, 'minutia', 'minutiae')}, quality ${print.contents.quality} of 100`,
    `  ${counted(count('ridge-ending'), 'ridge ending')}, ${counted(count('bifurcation'), 'bifurcation')}, ${count('other')} other`,
    `  ${widthPx} x ${heightPx} px at 500 ppi${sourcePpi ? ` (given at ${sourcePpi})` : ''}, template of ${counted(print.template.length, 'byte')}`,
  ]
  if (print.quality) lines.push(`  ${print.quality.ridgeAreaMm2.toFixed(0)} mm2 of readable ridges`)
  if (print.extractMs !== undefined) lines.push(`  extracted in ${formatMs(print.extractMs)}`)
  for (const reason of print.quality?.reasons ?? []) lines.push(`  ${reason.code}: ${reason.message}`)
  if (output !== undefined) lines.push(`  template: ${output}`)
  if (iso !== undefined) lines.push(`  ISO/IEC 19794-2:2005 record: ${iso}`)
  if (overlay !== undefined) lines.push(`  overlay: ${overlay}`)
  return lines.join('\n')
}

export function addExtract(program: Command, run: Run): void {
  program
    .command('extract')
    .summary('find the minutiae of a print')
    .description('Finds the minutiae of a print and makes its template; or shows what a template or record holds.')
    .argument('<file>', 'image, template or ISO record')
    .addOption(ppiOption())
    .addOption(classicalOption())
    .option('-o, --output <template>', "write the print's template")
    .option('--iso <file>', 'write the minutiae as ISO/IEC 19794-2:2005 record')
    .option('--overlay <png>', 'write the print with its minutiae drawn')
    .addOption(jsonOption())
    .action(run(extract))
}
