import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { SearchBenchFigures } from '../bench/figures.js'
import { givenPrints } from '../bench/probes.js'
import { benchSearch } from '../bench/search-bench.js'
import { searchPlotSvg } from '../bench/search-plot.js'
import { SHARED_FILE_MODE } from '../node/modes.js'
import { benchLines } from './bench-lines.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type CommonOptions, countOption, jsonOption, seedOption, threadsOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { phaseBars } from './phase-bars.js'
import { withEngine } from './with-engine.js'

/** A gallery of so many takes 26 GB on the disk and 40 in memory. */
const MAX_FINGERS = 25_000_000
const MAX_PROBES = 10_000

interface BenchSearchOptions extends CommonOptions {
  readonly fingers: readonly number[]
  readonly probes: number
  readonly seed: number
  readonly galleries: string
  readonly prints?: string
  readonly plot?: string
}

async function search({ signal, startProgress }: Context, options: BenchSearchOptions): Promise<Outcome> {
  const { fingers, probes, seed, galleries: folder, prints, plot } = options
  await checkWritable(plot)
  return withEngine(options.threads, async engine => {
    const given = prints === undefined ? undefined : await givenPrints(engine, prints, signal)
    const sizes: SearchBenchFigures[] = []
    for (const size of fingers) {
      const bars = phaseBars(startProgress)
      try {
        const onProgress = bars.show
        const plan = { fingers: size, probes, seed, folder, signal, onProgress, ...(given && { given }) }
        sizes.push(await benchSearch(engine, plan))
      } finally {
        bars.stop()
      }
    }
    const blocks = sizes.map(figures => benchLines(figures).join('\n'))
    if (plot !== undefined) {
      await writeOutput(plot, searchPlotSvg(sizes), SHARED_FILE_MODE)
      blocks.push(`plot: ${plot}`)
    }
    return { exitCode: EXIT.DONE, json: { sizes }, text: blocks.join('\n\n') }
  })
}

function parseSizes(text: string): number[] {
  return text.split(',').map(part => {
    const value = Number(part)
    if (part.trim() !== '' && Number.isInteger(value) && value >= 1 && value <= MAX_FINGERS) return value
    throw new InvalidArgumentError(`It is not whole numbers from 1 to ${MAX_FINGERS}, with commas between them.`)
  })
}

export function addBenchSearch(bench: Command, run: Run): void {
  bench
    .command('search')
    .summary('measure searches of synthetic galleries')
    .description(
      'Makes a gallery of synthetic fingers, or opens the one made before, and searches it for other impressions of them (clean, typical and poor ones) one at a time, as a search is and exhaustively.',
    )
    .requiredOption('--fingers <n,...>', 'fingers in the gallery; several numbers for several galleries', parseSizes)
    .addOption(countOption('--probes <n>', 'searches of each kind', MAX_PROBES, 100))
    .addOption(seedOption())
    .option(
      '--prints <dir>',
      'also hide these prints among them, <finger>_<impression>.<ext> or folders of such, and search for them',
    )
    .option('--galleries <dir>', 'where the galleries are kept for the next time', join(tmpdir(), 'sidik-bench'))
    .option('--plot <svg>', 'draw the times over the number of fingers')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(search))
}
