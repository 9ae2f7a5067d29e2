import type { Command } from 'commander'
import { DEFAULTS } from '../options.js'
import { renderPairs } from '../render/pairs.js'
import { namedScore } from '../score.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type LoadedPrint, loadPrint } from './load-print.js'
import {
  type CommonOptions,
  classicalOption,
  jsonOption,
  minScoreOption,
  ppiOption,
  targetFmrOption,
} from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { counted, formatScore } from './text.js'
import { withEngine } from './with-engine.js'

interface MatchOptions extends CommonOptions {
  readonly overlay?: string
  /** Has a default. */
  readonly minScore: number
  readonly targetFmr?: number
}

const summaryOf = ({ path, kind, contents }: LoadedPrint) => ({
  file: path,
  kind,
  minutiae: contents.minutiae.length,
  quality: contents.quality,
})

async function match({ signal }: Context, fileA: string, fileB: string, options: MatchOptions): Promise<Outcome> {
  const { overlay, ppi, classical } = options
  const minScore = namedScore(options)!
  await checkWritable(overlay)
  return withEngine(1, async engine => {
    const a = await loadPrint(engine, fileA, { ppi, classical, signal })
    const b = await loadPrint(engine, fileB, { ppi, classical, signal })
    const { score, codes, pairs } = engine.explain(a.template, b.template)
    if (overlay !== undefined) {
      const png = await renderPairs(a.background, a.contents.minutiae, b.background, b.contents.minutiae, pairs)
      await writeOutput(overlay, png)
    }
    const sameFinger = score >= minScore
    const decision = sameFinger ? 'the same finger' : 'not the same finger'
    const text = [
      `score ${formatScore(score)}: ${decision} (threshold ${Number(minScore.toFixed(2))})`,
      ...[a, b].map(
        print =>
          `  ${print.path}: ${counted(print.contents.minutiae.length, 'minutia', 'minutiae')}, quality ${print.contents.quality}`,
      ),
      `  ${counted(pairs.length, 'pair')} of minutiae, compared by ${codes} codes`,
      ...(overlay === undefined ? [] : [`  overlay: ${overlay}`]),
    ].join('\n')
    const json = { score, codes, minScore, sameFinger, a: summaryOf(a), b: summaryOf(b), pairs, written: { overlay } }
    return { exitCode: sameFinger ? EXIT.DONE : EXIT.NO_MATCH, json, text }
  })
}

export function addMatch(program: Command, run: Run): void {
  program
    .command('match')
    .summary('compare two prints')
    .description('Compares two prints: are they of one finger? Exit code 0 when they are, 1 when not.')
    .argument('<a>', 'image, template or ISO record')
    .argument('<b>', 'image, template or ISO record')
    .addOption(minScoreOption().default(DEFAULTS.leastScore))
    .addOption(targetFmrOption())
    .addOption(ppiOption())
    .addOption(classicalOption())
    .option('--overlay <png>', 'write both prints with the paired minutiae joined')
    .addOption(jsonOption())
    .action(run(match))
}
