import { type Command, Option } from 'commander'
import type { DedupeOptions } from '../dedupe/options.js'
import type { Progress } from '../identify/search.js'
import { type Context, Interrupted, type Outcome, type Run } from './command.js'
import { dedupeLines } from './dedupe-lines.js'
import { EXIT } from './exit-codes.js'
import { type KeyOptions, keyFileOption } from './key-file.js'
import { enrolmentLines, openGalleryAt, type SearchedGallery } from './open-gallery.js'
import {
  type CommonOptions,
  classicalOption,
  jsonOption,
  minScoreOption,
  ppiOption,
  targetFalsePairsOption,
  targetFmrOption,
  threadsOption,
} from './options.js'
import { checkWritable } from './output-file.js'
import { formatMs } from './text.js'
import { withEngine } from './with-engine.js'
import { writeDocument } from './write-document.js'

type Asked = Pick<DedupeOptions, 'targetFalsePairs' | 'minScore' | 'targetFmr' | 'exhaustive' | 'state'>

interface DedupeCommandOptions extends CommonOptions, KeyOptions, Asked {
  readonly output?: string
}

async function dedupe(context: Context, path: string, options: DedupeCommandOptions): Promise<Outcome> {
  const { ppi, classical, output, state, keyFile } = options
  await checkWritable(output)
  await checkWritable(state)
  return withEngine(options.threads, async engine => {
    const { gallery, enrolment } = await openGalleryAt(engine, path, { ppi, classical, keyFile }, context)
    const { resumed, elapsedMs, ...report } = await run(gallery, options, context)
    if (output !== undefined) await writeDocument(output, report)
    const lines = dedupeLines(report)
    const before = resumed > 0 ? `, ${resumed} searched before` : ''
    lines.push(`done in ${formatMs(elapsedMs)}${before}${output === undefined ? '' : `; report: ${output}`}`)
    if (enrolment) lines.push(...enrolmentLines(enrolment))
    const found = report.pairs.length > 0
    const json = { gallery: path, ...report, resumed, elapsedMs, report: output, enrolment }
    return { exitCode: found ? EXIT.DONE : EXIT.NO_MATCH, json, text: lines.join('\n') }
  })
}

async function run(gallery: SearchedGallery, options: Asked, { signal, startProgress }: Context) {
  const { targetFalsePairs, minScore, targetFmr, exhaustive, state } = options
  const asked = { targetFalsePairs, minScore, targetFmr, exhaustive, state }
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
  const progress = startProgress('searching', gallery.size)
  try {
    const onProgress = (at: Progress) => progress.update(at.searched, at.total)
    return await gallery.dedupe({ ...given, signal, onProgress })
  } catch (error) {
    if (!signal.aborted || state === undefined) throw error
    throw new Interrupted(`stopped before the end; the same command goes on from ${state}`, { cause: error })
  } finally {
    progress.stop()
  }
}

export function addGalleryDedupe(gallery: Command, run: Run): void {
  gallery
    .command('dedupe')
    .summary('find the fingers that are in a gallery twice')
    .description(
      'Searches a gallery for each of its own prints and reports the pairs that are of one finger. Exit code 0 when there are any, 1 when there are none.',
    )
    .argument('<gallery>', "gallery file, durable gallery's folder (it is only read), or folder of prints")
    .option('-o, --output <file>', 'write the report, JSON, to this file')
    .option('--state <file>', 'keep there what was found, so that the same command goes on after a crash or Ctrl-C')
    .addOption(targetFalsePairsOption().conflicts(['minScore', 'targetFmr']))
    .addOption(minScoreOption())
    .addOption(targetFmrOption())
    .addOption(new Option('--exhaustive', 'look at every print in each search, without the index'))
    .addOption(keyFileOption())
    .addOption(ppiOption())
    .addOption(classicalOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(dedupe))
}
