import type { Command } from 'commander'
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
import { type CommonOptions, classicalOption, jsonOption, ppiOption, threadsOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { phaseBars } from './phase-bars.js'
import { withEngine } from './with-engine.js'

interface EvaluateOptions extends CommonOptions {
  readonly plot?: string
  readonly calibration?: boolean
  readonly quality?: boolean
  readonly qualityPlot?: string
}

/** The engine with its classical extraction. */
export function classically(engine: Engine): EvaluationEngine {
  return {
    threads: engine.threads,
    extract: (image, options) => engine.extract(image, { ...options, classical: true }),
    match: (a, b) => engine.match(a, b),
  }
}

async function evaluate({ signal, startProgress }: Context, dir: string, options: EvaluateOptions): Promise<Outcome> {
  const { plot, calibration, qualityPlot, ppi, classical } = options
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
    .option('--plot <svg>', 'draw the DET curves')
    .option('--calibration', 'hold the false match rates that scores state against those counted')
    .option('--quality', 'say how well quality predicts false non-matches: FNMR as the worst prints are dropped')
    .option('--quality-plot <svg>', 'the same, and draw the curves')
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(evaluate))
}
