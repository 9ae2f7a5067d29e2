import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SidikError } from '../../errors.js'
import { enrol } from '../../station/enrol/enrol.js'
import type { NotRecorded, Recorded } from '../../station/enrol/types.js'
import type { Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { jsonOption, threadsOption } from '../options.js'
import { counted, formatLines, formatScore } from '../text.js'
import { withEngine } from '../with-engine.js'
import { faultOf, readApplication } from './application.js'
import { feedbackLines } from './feedback-lines.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

interface EnrolOptions extends StationOptions {
  readonly threads?: number
}

/** The outcome of one application among several. */
type Result = { readonly file: string } & (
  | Recorded
  | NotRecorded
  | { readonly recorded: false; readonly error: { readonly code: string; readonly message: string } }
)

async function record(context: Context, folder: string, given: string[], options: EnrolOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const only = given.length === 1 && !(await isFolder(given[0])) ? given[0] : undefined
  const files = only === undefined ? await applicationsIn(given) : [only]
  const bar = startProgress('enrolling')
  const one = async (station: Station, file: string) =>
    enrol(station, await readApplication(file), {
      signal,
      onProgress: ({ done, total }) => bar.update(done, total),
    }).catch(error => faultOf(file, error))
  try {
    return await withEngine(options.threads, engine =>
      withStation(folder, { ...options, engine }, async station => {
        if (only !== undefined) {
          const result = await one(station, only)
          const exitCode = result.recorded ? EXIT.DONE : EXIT.NO_MATCH
          return { exitCode, json: result, text: formatLines(linesOf({ file: only, ...result })) }
        }
        const results: Result[] = []
        for (const file of files) {
          signal.throwIfAborted()
          results.push({ file, ...(await one(station, file).catch(error => unlessOfAll(error, signal))) })
        }
        return outcomeOf(results)
      }),
    )
  } finally {
    bar.stop()
  }
}

/** Troubles of the station, the engine or the machine, which every other application would have too. */
const OF_ALL = /^(STATION|ENGINE|CORE|WORKER|NETWORK|GALLERY)_/

/** One broken application stops nobody else. */
function unlessOfAll(error: unknown, signal: AbortSignal) {
  if (!(error instanceof SidikError) || OF_ALL.test(error.code) || signal.aborted) throw error
  return { recorded: false as const, error: { code: error.code, message: error.message } }
}

function outcomeOf(results: readonly Result[]): Outcome {
  const broken = results.filter(result => 'error' in result).length
  const recorded = results.filter(result => result.recorded).length
  const corrections = results.length - recorded - broken
  const sum = `${recorded} recorded, ${corrections} to be corrected, ${counted(broken, 'file')} of no use`
  let exitCode: ExitCode = EXIT.DONE
  if (corrections > 0) exitCode = EXIT.NO_MATCH
  if (broken > 0) exitCode = EXIT.BAD_INPUT
  return { exitCode, json: { results }, text: formatLines([...results.flatMap(linesOf), sum]) }
}

function linesOf(result: Result): string[] {
  const { file } = result
  if ('error' in result) return [`${file}: ${result.error.code}: ${result.error.message}`]
  if (!result.recorded) {
    return [`${file}: not recorded`, ...feedbackLines(result.feedback), `kept as draft ${result.draft}`]
  }
  const { decision, candidates, persons } = result.preCheck
  return [
    `${file}: recorded as ${result.recordId}; ${decision} among the ${persons} persons ` +
      'that this station knows of (the centre decides)',
    ...(decision === 'clear' ? [] : candidates.map(({ record: id, score }) => `  ${id}  ${formatScore(score)}`)),
  ]
}

const isFolder = (path: string) =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/** The files that are named, and those of folders, in the order of their names. */
async function applicationsIn(given: readonly string[]): Promise<string[]> {
  const files: string[] = []
  for (const path of given) {
    if (await isFolder(path)) {
      const names = await readdir(path).catch(cause => {
        throw new SidikError('FILE_UNREADABLE', `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code}`)
      })
      const own = names.filter(name => name.endsWith('.json')).sort()
      if (own.length === 0) throw new SidikError('FILE_UNREADABLE', `${path} holds no application (*.json)`)
      files.push(...own.map(name => join(path, name)))
    } else files.push(path)
  }
  return files
}

export function addEnrol(station: Command, run: Run): void {
  station
    .command('enrol')
    .summary('record somebody, or everybody of a folder')
    .description(
      'Records the persons of applications: JSON files with nik, person, operator, prints (position to file), ' +
        'exceptions, photo, ' +
        'signature, overrides (docs/station-enrol.md). Whoever seems to be recorded already is recorded all the same, and the candidates are ' +
        'listed. Exit code 1 when something has to be corrected first. Of several, one that is broken stops ' +
        'no other: exit code 3 at the end.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<applications...>', 'JSON, or folders of them; files that they name lie beside them')
    .addOption(keyOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(record))
}
