import { type Command, InvalidArgumentError } from 'commander'
import type { Engine } from '../../engine.js'
import { type Changes, correct, withdraw } from '../../station/enrol/correct.js'
import { recordOf } from '../../station/enrol/read.js'
import type { Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, threadsOption } from '../options.js'
import { saying } from '../stock/options.js'
import { formatLines } from '../text.js'
import { withEngine } from '../with-engine.js'
import { faultOf, readChanges } from './application.js'
import { feedbackLines } from './feedback-lines.js'
import { type StationOptions, withStation } from './folder.js'
import { mergeFields } from './merge-fields.js'
import { keyOption, operatorOption, reasonOption } from './options.js'
import { wholeId } from './whole-id.js'

interface CorrectOptions extends StationOptions {
  readonly operator?: string
  readonly reason: string
  readonly threads?: number
}

async function mend(context: Context, folder: string, given: string, file: string, options: CorrectOptions) {
  const { operator: ofFile, ...changes } = await readChanges(file)
  const { operator = ofFile, reason, threads } = options
  if (operator === undefined) throw new InvalidArgumentError('--operator is missing, and the file names none')
  const work = (engine?: Engine): Promise<Outcome> =>
    withStation(folder, { ...options, ...(engine && { engine }) }, async station => {
      const record = wholeId(station, 'record', given)
      const { signal } = context
      const result = await correct(
        station,
        record,
        withPerson(station, record, changes),
        { operator, reason },
        { signal },
      ).catch(error => faultOf(file, error))
      if (result.recorded) {
        const text = `${record}: version ${result.version}; ${result.preCheck.decision} (the centre decides)`
        return { exitCode: EXIT.DONE, json: result, text }
      }
      const text = formatLines([`${record}: not corrected`, ...feedbackLines(result.feedback)])
      return { exitCode: EXIT.NO_MATCH, json: result, text }
    })
  // Only prints are compared with those of others.
  return changes.fingers === undefined && changes.exceptions === undefined ? work() : withEngine(threads, work)
}

/** The changes with the whole person, as the library takes it: the fields that are not named stay as they are. */
function withPerson(station: Station, record: string, changes: Changes): Changes {
  const { person } = changes
  const before = person === undefined ? undefined : recordOf(station, record)?.contents?.person
  if (person === undefined || before === undefined) return changes
  return { ...changes, person: mergeFields(before, person as Record<string, unknown>) as never }
}

export function addCorrect(station: Command, run: Run): void {
  station
    .command('correct')
    .summary('write another version of a record')
    .description(
      'Corrects a record of this station by a JSON file as enrol takes it, of which every member ' +
        'may be left out: what ' +
        'it names takes the place of what was recorded, field by field in person and address; null takes a field ' +
        'away. Exit code 1 when something has to be ' +
        'corrected first: then nothing was changed.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .argument('<changes>', 'JSON: nik, person, prints, exceptions, photo, signature, overrides')
    .addOption(operatorOption())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(mend))
}

interface WithdrawOptions extends StationOptions {
  readonly operator: string
  readonly reason: string
}

async function end(_: Context, folder: string, given: string, options: WithdrawOptions): Promise<Outcome> {
  const { operator, reason } = options
  const record = await withStation(folder, options, async station => {
    const whole = wholeId(station, 'record', given)
    saying(() => withdraw(station, whole, { operator, reason }))
    return whole
  })
  return { exitCode: EXIT.DONE, json: { record, operator, reason }, text: `${record}: withdrawn, says ${operator}` }
}

export function addWithdraw(station: Command, run: Run): void {
  station
    .command('withdraw')
    .summary('end a record that was made by mistake')
    .description(
      'Withdraws a record of this station. It stays in the journal, its NIK is free again, ' +
        'and nobody is compared with ' +
        'it any more. It cannot be undone: record the person again.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(end))
}
