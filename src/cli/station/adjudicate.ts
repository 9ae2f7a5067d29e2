import type { Command } from 'commander'
import { Option } from 'commander'
import { adjudicate, candidateOverlay, type Verdict } from '../../station/enrol/adjudicate.js'
import type { Station } from '../../station/station.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { checkWritable, writeOutput } from '../output-file.js'
import { saying } from '../stock/options.js'
import { withEngine } from '../with-engine.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'
import { wholeId } from './whole-id.js'

interface AdjudicateOptions extends StationOptions {
  readonly verdict: Verdict
  readonly operator: string
  readonly reason: string
}

async function judge(_: Context, folder: string, one: string, other: string, options: AdjudicateOptions) {
  const { verdict, operator, reason } = options
  const { record, candidate } = await withStation(folder, options, async station => {
    const pair = pairOf(station, one, other)
    saying(() => adjudicate(station, pair.record, { candidate: pair.candidate, verdict, operator, reason }))
    return pair
  })
  const json = { record, candidate, verdict, operator, reason }
  return { exitCode: EXIT.DONE, json, text: `${record} and ${candidate}: ${verdict}, says ${operator}` }
}

/** Both by the beginnings of their ids. */
const pairOf = (station: Station, record: string, candidate: string) => ({
  record: wholeId(station, 'record', record),
  candidate: wholeId(station, 'candidate', candidate),
})

export function addAdjudicate(station: Command, run: Run): void {
  station
    .command('adjudicate')
    .summary('say whether two records are of one person')
    .description(
      'Records what somebody says who has looked at a record and a candidate of its duplicate check (see overlay).',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .argument('<candidate>', 'the other record, likewise')
    .addOption(
      new Option('--verdict <verdict>', 'what was seen')
        .choices(['same-person', 'different-persons', 'undecided'])
        .makeOptionMandatory(),
    )
    .addOption(operatorOption().makeOptionMandatory())
    .addOption(reasonOption().makeOptionMandatory())
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(judge))
}

interface OverlayOptions extends StationOptions {
  readonly output: string
}

async function draw(
  _context: Context,
  folder: string,
  record: string,
  candidate: string,
  options: OverlayOptions,
): Promise<Outcome> {
  await checkWritable(options.output)
  const overlay = await withEngine(1, engine =>
    withStation(folder, { ...options, engine }, station => {
      const pair = pairOf(station, record, candidate)
      return candidateOverlay(station, pair.record, pair.candidate)
    }),
  )
  if (overlay === undefined) {
    const text = 'no pair of fingers to compare: templates of one of the two are not here'
    return { exitCode: EXIT.NO_MATCH, json: { output: null }, text }
  }
  const { png, ...about } = overlay
  await writeOutput(options.output, png)
  return {
    exitCode: EXIT.DONE,
    json: { output: options.output, ...about },
    text: `${options.output}: the most alike pair`,
  }
}

export function addOverlay(station: Command, run: Run): void {
  station
    .command('overlay')
    .summary('draw the most alike fingers of two records')
    .description("Draws the most alike fingers of two records with their matching minutiae, for an operator's eyes.")
    .argument('<folder>', "the station's folder")
    .argument('<record>', 'its id, or the beginning of it')
    .argument('<candidate>', 'the other record, likewise')
    .requiredOption('-o, --output <png>', 'file to write')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(draw))
}
