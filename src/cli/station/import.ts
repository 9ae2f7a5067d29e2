import type { Command } from 'commander'
import { type ImportReport, importBundle } from '../../station/media/import.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { counted, formatLines } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

async function take(context: Context, folder: string, sticks: string[], options: StationOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const bar = startProgress('importing')
  try {
    const report = await withStation(folder, options, station =>
      importBundle(station, { folder: sticks, signal, onProgress: ({ bytes, ofBytes }) => bar.update(bytes, ofBytes) }),
    )
    const { imported, failed } = report
    const json = { imported, failed: failed.map(({ error, ...rest }) => ({ ...rest, ...wordsOf(error) })) }
    // One for another station may lie on the same stick.
    const isWrong = failed.some(({ error }) => error.code !== 'BUNDLE_NOT_FOR_US')
    return { exitCode: isWrong ? EXIT.BAD_INPUT : EXIT.DONE, json, text: formatLines(linesOf(report)) }
  } finally {
    bar.stop()
  }
}

const wordsOf = ({ code, message }: ImportReport['failed'][number]['error']) => ({ error: { code, message } })

function linesOf({ imported, failed }: ImportReport): string[] {
  if (imported.length + failed.length === 0) return ['no bundle found']
  return [
    ...imported.map(({ bundle, from, entriesNew, entriesKnown, receipts, refusals }) => {
      const entries = `${counted(entriesNew, 'new entry', 'new entries')}, ${entriesKnown} known`
      return `bundle ${bundle} of ${from}: ${entries}, ${counted(receipts, 'receipt')}, ${counted(refusals, 'refusal')}`
    }),
    ...failed.map(({ bundle, error }) => `bundle ${bundle}: ${error.code}: ${error.message}`),
  ]
}

export function addImport(station: Command, run: Run): void {
  station
    .command('import')
    .summary('take bundles from a stick')
    .description(
      'Takes all bundles for this station in one or more folders. Safe to repeat. Exit code 3 when one is incomplete, damaged or forged. ' +
        ' The sender learns of it by a bundle of this station to it (export), or over a line.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<sticks...>', 'folders with bundles; one bundle may be spread over several')
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(take))
}
