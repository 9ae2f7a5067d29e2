import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Engine } from '../engine.js'
import {
  detPlotSvg,
  discardPlotSvg,
  evaluateFolder,
  formatCalibration,
  formatQuality,
  formatReport,
} from '../evaluate/index.js'
import type { EvaluationEngine, EvaluationProgress } from '../evaluate/report.js'
import { SHARED_FILE_MODE } from '../node/modes.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type CommonOptions, classicalOption, jsonOption, ppiOption, seedOption, threadsOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { phaseBars } from './phase-bars.js'
import { withEngine } from './with-engine.js'

interface EvaluateOptions extends CommonOptions {
  readonly plot?: string
  readonly calibration?: boolean
  readonly quality?: boolean
  readonly qualityPlot?: string
  readonly turn?: readonly [first: number, second: number] | 'random'
  readonly seed: number
}

const turnOption = () =>
  new Option(
    '--turn <degrees>',
    'turn the images, counter-clockwise: the second print of each pair (90), both (90,270), ' +
      'or each by an angle of its own (random)',
  ).argParser(text => {
    if (text === 'random') return text
    const angles = text.split(',').map(angle => (angle.trim() === '' ? Number.NaN : Number(angle)))
    if (angles.length <= 2 && angles.every(Number.isFinite)) return angles.length === 2 ? angles : [0, ...angles]
    throw new InvalidArgumentError("It is neither one or two angles in degrees, such as 90 or 90,270, nor 'random'.")
  })

/** The engine with its classical extraction. */
export function classically(engine: Engine): EvaluationEngine {
  return {
    threads: engine.threads,
    extract: (image, options) => engine.extract(image, { ...options, classical: true }),
    match: (a, b) => engine.match(a, b),
  }
}

async function evaluate({ signal, startProgress }: Context, dir: string, options: EvaluateOptions): Promise<Outcome> {
  const { plot, calibration, qualityPlot, ppi, classical, turn, seed } = options
  const quality = options.quality || qualityPlot !== undefined
  await checkWritable(plot)
  await checkWritable(qualityPlot)
  return withEngine(options.threads, async engine => {
    const bars = phaseBars(startProgress)
    try {
      const onProgress = ({ phase, done, total }: EvaluationProgress) =>
        bars.show(phase === 'extract' ? 'extracting' : 'comparing', done, total)
      const report = await evaluateFolder(classical ? classically(engine) : engine, dir, {
        signal,
        onProgress,
        quality,
        ...(ppi !== undefined && { ppi }),
        ...(turn !== undefined && { turnDeg: turn, turnSeed: seed }),
      })
      if (plot !== undefined) await writeOutput(plot, detPlotSvg(report), SHARED_FILE_MODE)
      if (qualityPlot !== undefined) await writeOutput(qualityPlot, discardPlotSvg(report.quality!), SHARED_FILE_MODE)
      const text = [
        formatReport(report),
        ...(calibration ? [formatCalibration(report.calibration)] : []),
        ...(report.quality ? [formatQuality(report.quality)] : []),
        ...(plot === undefined ? [] : [`DET curves: ${plot}`]),
        ...(qualityPlot === undefined ? [] : [`error versus discard: ${qualityPlot}`]),
      ].join('\n')
      return { exitCode: EXIT.DONE, json: report, text }
    } finally {
      bars.stop()
    }
  })
}

export function addEvaluate(program: Command, run: Run): void {
  program
    .command('evaluate')
    .summary('measure error rates on sets of prints')
    .description(
      'Measures error rates on a set of prints named <finger>_<impression>.<ext>, or a folder of such sets: every mated and every non-mated pair within a set.',
    )
    .argument('<dir>', 'a set, or a folder of sets')
    .addOption(ppiOption())
    .addOption(classicalOption())
    .addOption(turnOption())
    .addOption(seedOption('of the angles of --turn random'))
    .option('--plot <svg>', 'draw the DET curves')
    .option('--calibration', 'hold the false match rates that scores state against those counted')
    .option('--quality', 'say how well quality predicts false non-matches: FNMR as the worst prints are dropped')
    .option('--quality-plot <svg>', 'the same, and draw the curves')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(evaluate))
}
