import type { Command } from 'commander'
import type { Engine } from '../engine.js'
import { detPlotSvg, evaluateFolder, formatCalibration, formatReport } from '../evaluate/index.js'
import type { EvaluationEngine, EvaluationProgress } from '../evaluate/report.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type CommonOptions, classicalOption, jsonOption, ppiOption, threadsOption } from './options.js'
import { checkWritable, writeOutput } from './output-file.js'
import { phaseBars } from './phase-bars.js'
import { withEngine } from './with-engine.js'

interface EvaluateOptions extends CommonOptions {
  readonly plot?: string
  readonly calibration?: boolean
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
  const { plot, calibration, ppi, classical } = options
  await checkWritable(plot)
  return withEngine(options.threads, async engine => {
    const bars = phaseBars(startProgress)
    try {
      const onProgress = ({ phase, done, total }: EvaluationProgress) =>
        bars.show(phase === 'extract' ? 'extracting' : 'comparing', done, total)
      const report = await evaluateFolder(classical ? classically(engine) : engine, dir, {
        signal,
        onProgress,
        ...(ppi !== undefined && { ppi }),
      })
      if (plot !== undefined) await writeOutput(plot, detPlotSvg(report))
      const text = [
        formatReport(report),
        ...(calibration ? [formatCalibration(report.calibration)] : []),
        ...(plot === undefined ? [] : [`DET curves: ${plot}`]),
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
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(evaluate))
}
