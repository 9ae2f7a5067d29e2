import type { Command } from 'commander'
import type { Candidate } from '../identify/decide.js'
import type { Progress } from '../identify/search.js'
import { DEFAULTS, SHORTLIST } from '../options.js'
import { fpirOf } from '../score.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type KeyOptions, keyFileOption } from './key-file.js'
import { loadPrint } from './load-print.js'
import { enrolmentLines, openGalleryAt } from './open-gallery.js'
import {
  type CommonOptions,
  classicalOption,
  countOption,
  jsonOption,
  minScoreOption,
  ppiOption,
  targetFmrOption,
  targetFpirOption,
  threadsOption,
} from './options.js'
import { counted, formatCount, formatMs, formatScore, formatTable } from './text.js'
import { withEngine } from './with-engine.js'

interface IdentifyOptions extends CommonOptions, KeyOptions {
  readonly gallery: string
  readonly limit: number
  readonly minScore?: number
  readonly targetFmr?: number
  readonly targetFpir?: number
}

async function identify(context: Context, file: string, options: IdentifyOptions): Promise<Outcome> {
  const { limit, ppi, classical, keyFile } = options
  const { minScore: least, targetFmr, targetFpir } = options
  const { signal, startProgress } = context
  return withEngine(options.threads, async engine => {
    const probe = await loadPrint(engine, file, { ppi, classical, signal })
    const { gallery, enrolment } = await openGalleryAt(engine, options.gallery, { ppi, classical, keyFile }, context)
    const progress = startProgress('searching', gallery.size)
    try {
      const onProgress = (at: Progress) => progress.update(at.searched, at.total)
      const threshold = {
        ...(least !== undefined && { minScore: least }),
        ...(targetFmr !== undefined && { targetFmr }),
        ...(targetFpir !== undefined && { targetFpir }),
      }
      const found = await gallery.search(probe.template, { ...threshold, limit, signal, onProgress })
      progress.stop()
      const { candidates, minScore, searched, rescored, elapsedMs } = found
      const fpir = fpirOf(minScore, searched)
      const score = Number(minScore.toFixed(2))
      const lines = [
        `${counted(searched, 'print')} searched in ${formatMs(elapsedMs)} (${formatCount(rescored)} compared in full)`,
        `threshold ${score}: of searches of fingers that are not there, a share of ` +
          `${Number(fpir.toPrecision(2))} reaches it`,
      ]
      if (candidates.length === 0) lines.push(`nobody found with a score of ${score} or more`)
      else lines.push(candidateTable(candidates))
      if (enrolment) lines.push(...enrolmentLines(enrolment))
      const json = {
        probe: file,
        gallery: options.gallery,
        minScore,
        fpir,
        candidates,
        searched,
        rescored,
        elapsedMs,
        enrolment,
      }
      return { exitCode: candidates.length > 0 ? EXIT.DONE : EXIT.NO_MATCH, json, text: lines.join('\n') }
    } finally {
      progress.stop()
    }
  })
}

function candidateTable(candidates: readonly Candidate[]): string {
  const rows = candidates.map(({ id, score, codes }, index) => [index + 1, formatScore(score), codes, id])
  return formatTable([['rank', 'score', 'codes', 'id'], ...rows], [0, 1])
}

export function addIdentify(program: Command, run: Run): void {
  program
    .command('identify')
    .summary('search a gallery for the finger of a print')
    .description('Searches a gallery for the finger of a print. Exit code 0 when someone is found, 1 when nobody is.')
    .argument('<probe>', 'image, template or ISO record')
    .requiredOption('--gallery <path>', "gallery file, durable gallery's folder, or folder of prints")
    .addOption(countOption('--limit <n>', 'most candidates to report', SHORTLIST, DEFAULTS.limit))
    .addOption(minScoreOption())
    .addOption(targetFmrOption())
    .addOption(targetFpirOption())
    .addOption(keyFileOption())
    .addOption(ppiOption())
    .addOption(classicalOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(identify))
}
