import type { Command } from 'commander'
import { Option } from 'commander'
import { adjudicate, candidateOverlay, type Verdict } from '../../station/enrol/adjudicate.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { checkWritable, writeOutput } from '../output-file.js'
import { withEngine } from '../with-engine.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption, operatorOption, reasonOption } from './options.js'

interface AdjudicateOptions extends StationOptions {
  readonly verdict: Verdict
  readonly operator: string
  readonly reason: string
}

async function judge(_: Context, folder: string, record: string, candidate: string, options: AdjudicateOptions) {
  const { verdict, operator, reason } = options
  await withStation(folder, options, async station =>
    adjudicate(station, record, { candidate, verdict, operator, reason }),
  )
  const json = { record, candidate, verdict, operator, reason }
  return { exitCode: EXIT.DONE, json, text: `${record} and ${candidate}: ${verdict}, says ${operator}` }
}

export function addAdjudicate(station: Command, run: Run): void {
  station
    .command('adjudicate')
    .summary('say whether two records are of one person')
    .description(
      'Records what somebody says who has looked at a record and a candidate of its duplicate check (see overlay).',
    )
    .argument('<folder>', "the station's folder")
    .argument('<record>')
    .argument('<candidate>', 'the other record')
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
    withStation(folder, { ...options, engine }, station => candidateOverlay(station, record, candidate)),
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
    .argument('<record>')
    .argument('<candidate>', 'the other record')
    .requiredOption('-o, --output <png>', 'file to write')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(draw))
}
