import { type Command, InvalidArgumentError, Option } from 'commander'
import { adjudications } from '../../station/enrol/adjudications.js'
import { decide } from '../../station/enrol/decide.js'
import { recordOf } from '../../station/enrol/read.js'
import { CENTRE_STATES, centreState, isReady } from '../../station/enrol/states.js'
import type { Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { saying } from '../stock/options.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, noteOption, operatorOption, uncheckedOption } from './options.js'
import { wholeId } from './whole-id.js'

interface DecideOptions extends StationOptions {
  readonly state: string
  readonly duplicateOf?: string
  readonly note?: string
  readonly unchecked?: string
  readonly operator: string
}

async function say(_: Context, folder: string, given: string, options: DecideOptions): Promise<Outcome> {
  const { state, note, unchecked, operator } = options
  return withStation(folder, options, async station => {
    const record = wholeId(station, 'record', given)
    const duplicateOf = options.duplicateOf && wholeId(station, 'candidate', options.duplicateOf)
    const decision = {
      ...{ state, by: operator },
      ...(duplicateOf !== undefined && { duplicateOf }),
      ...(note !== undefined && { note }),
      ...(unchecked !== undefined && { unchecked }),
    }
    saying(() => decide(station, record, decision))
    const said = recordOf(station, record)!.decision
    const of = duplicateOf === undefined ? '' : ` of ${duplicateOf}`
    const card = isReady(state) && isInCase(station, record) ? IN_CASE : CARDS[said?.comparison ?? 'done']
    return { exitCode: EXIT.DONE, json: { record, ...said }, text: `${record}: ${state}${of}, says ${operator}${card}` }
  })
}

/** Whether a case keeps the record's card back. */
function isInCase(station: Station, record: string): boolean {
  return adjudications(station).some(({ kind, ...pair }) => {
    const isBlocking = kind !== 'pre-check' && kind !== 'check'
    return isBlocking && (pair.record === record || ('other' in pair && pair.other === record))
  })
}

const IN_CASE = '; the card waits until somebody has decided about the case that is open'

/** What becomes of the card, by whether the fingers were compared. */
const CARDS = {
  done: '',
  waived: '; nobody compared the fingers',
  awaited: '; the card waits until the fingers are compared here',
  elsewhere: '; the card waits until a station with an engine compares the fingers (or see --unchecked)',
} as const

function parseState(text: string): string {
  const known = centreState(text)
  if (known !== undefined) return known.name
  throw new InvalidArgumentError(`It is none of ${CENTRE_STATES.map(({ name }) => name).join(', ')}.`)
}

export function addDecide(station: Command, run: Run): void {
  station
    .command('decide')
    .summary('say what becomes of a record')
    .description(
      'Says what becomes of a record, at a hub or centre to which it came from below. The decision goes down to the ' +
        'station that recorded the person.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .addOption(
      new Option('--state <state>', 'PRINT_READY_RECORD, DUPLICATE_RECORD, ... or a short name: PRR, DUP')
        .argParser(parseState)
        .makeOptionMandatory(),
    )
    .option('--duplicate-of <record>', 'with DUPLICATE_RECORD: the record that stays')
    .addOption(noteOption())
    .addOption(uncheckedOption())
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(say))
}
