import type { Command } from 'commander'
import { enrol } from '../../station/enrol/enrol.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, threadsOption } from '../options.js'
import { formatScore } from '../text.js'
import { withEngine } from '../with-engine.js'
import { faultOf, readApplication } from './application.js'
import { feedbackLines } from './feedback-lines.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

interface EnrolOptions extends StationOptions {
  readonly threads?: number
}

async function record(context: Context, folder: string, file: string, options: EnrolOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const application = await readApplication(file)
  const bar = startProgress('enrolling')
  try {
    const result = await withEngine(options.threads, engine =>
      withStation(folder, { ...options, engine }, station =>
        enrol(station, application, { signal, onProgress: ({ done, total }) => bar.update(done, total) }).catch(error =>
          faultOf(file, error),
        ),
      ),
    )
    if (result.recorded) {
      const { decision, candidates, persons } = result.preCheck
      const lines = [
        `${file}: recorded as ${result.recordId}; ${decision} among the ${persons} persons that this station knows of (the centre decides)`,
        ...(decision === 'clear' ? [] : candidates.map(({ record: id, score }) => `  ${id}  ${formatScore(score)}`)),
      ]
      return { exitCode: EXIT.DONE, json: result, text: lines.join('\n') }
    }
    const text = [`${file}: not recorded`, ...feedbackLines(result.feedback), `kept as draft ${result.draft}`].join(
      '\n',
    )
    return { exitCode: EXIT.NO_MATCH, json: result, text }
  } finally {
    bar.stop()
  }
}

export function addEnrol(station: Command, run: Run): void {
  station
    .command('enrol')
    .summary('record somebody')
    .description(
      'Records the person of an application: a JSON file with nik, person, operator, prints (position to file), exceptions, photo, ' +
        'signature, overrides (docs/station-enrol.md). Whoever seems to be recorded already is recorded all the same, and the candidates are ' +
        'listed. Exit code 1 when something has to be corrected first.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<application>', 'JSON; files that it names lie beside it')
    .addOption(keyOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(record))
}
