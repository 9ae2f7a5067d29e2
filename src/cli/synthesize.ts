import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { writeSyntheticSet } from '../synthesize/write-set.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type CommonOptions, countOption, jsonOption, optionalCount, seedOption, threadsOption } from './options.js'
import { synthesizeGallery } from './synthesize-gallery.js'
import { counted, formatMs } from './text.js'

/** More than a million prints would be a slip of the finger: half a year of work. */
const MAX_FINGERS = 100_000
const MAX_IMPRESSIONS = 100
/** A tenth of what a gallery file can count: 400 GB of templates. */
const MAX_TEMPLATES = 400_000_000

interface SynthesizeOptions extends CommonOptions {
  readonly fingers: number
  readonly impressions: number
  readonly seed: number
  readonly output: string
  readonly truth?: boolean
  readonly clean?: boolean
  readonly templates?: number
  readonly probes?: number
}

async function synthesize(context: Context, options: SynthesizeOptions): Promise<Outcome> {
  const { templates, probes } = options
  if (templates !== undefined) return synthesizeGallery(context, { ...options, templates })
  if (probes !== undefined) throw new InvalidArgumentError('--probes goes with --templates.')
  return synthesizePrints(context, options)
}

async function synthesizePrints({ signal, startProgress }: Context, options: SynthesizeOptions): Promise<Outcome> {
  const { fingers, impressions, seed, output, truth = false, clean = false } = options
  const startedAt = performance.now()
  const progress = startProgress('synthesizing', fingers * impressions)
  try {
    const onProgress = (done: number, total: number) => progress.update(done, total)
    await writeSyntheticSet(output, { fingers, impressions, seed, truth, clean, signal, onProgress })
  } finally {
    progress.stop()
  }
  const elapsedMs = performance.now() - startedAt
  const lines = [
    `${counted(fingers * impressions, 'print')} of ${counted(fingers, 'finger')} in ${formatMs(elapsedMs)}: ${output}`,
  ]
  if (truth) lines.push(`their minutiae, orientation and clean ridges: ${join(output, 'truth')}`)
  const json = { directory: output, fingers, impressions, seed, truth, clean, elapsedMs }
  return { exitCode: EXIT.DONE, json, text: lines.join('\n') }
}

export function addSynthesize(program: Command, run: Run): void {
  program
    .command('synthesize')
    .summary('make synthetic prints, or a gallery of synthetic templates')
    .description(
      'Makes synthetic prints named <finger>_<impression>.png, fingers from 101 on, at 500 ppi; with --templates a gallery file of synthetic templates instead, without images.',
    )
    .addOption(countOption('--fingers <n>', 'number of fingers', MAX_FINGERS, 8))
    .addOption(countOption('--impressions <n>', 'impressions of each finger', MAX_IMPRESSIONS, 4))
    .addOption(seedOption())
    .requiredOption(
      '-o, --output <dir>',
      'folder for the prints, made if it is missing; with --templates the gallery file',
    )
    .option('--truth', 'also write the true minutiae, orientation and clean ridge image of each')
    .option('--clean', 'impressions without distortion, noise and other faults')
    .addOption(
      optionalCount('--templates <n>', 'write a gallery file of so many synthetic templates', MAX_TEMPLATES).conflicts([
        'fingers',
        'impressions',
        'truth',
        'clean',
      ]),
    )
    .addOption(optionalCount('--probes <n>', 'with --templates: also so many probes, in <file>.probes', MAX_TEMPLATES))
    .addOption(threadsOption().conflicts(['fingers', 'impressions', 'truth', 'clean']))
    .addOption(jsonOption())
    .action(run(synthesize))
}
