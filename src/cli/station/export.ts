import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { exportBundle } from '../../station/media/export.js'
import { peers } from '../../station/peers.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption, optionalCount } from '../options.js'
import { counted, formatLines } from '../text.js'
import { type StationOptions, withStation } from './folder.js'
import { keyOption } from './options.js'

interface ExportOptions extends StationOptions {
  readonly to?: string
  readonly partMib?: number
}

const MIB = 2 ** 20

/** The largest file of FAT32 has a byte less than 4 GiB. */
const MOST_PART_MIB = 4_095

async function write(context: Context, folder: string, stick: string, options: ExportOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const { partMib } = options
  const bar = startProgress('exporting')
  try {
    const bundle = await withStation(folder, options, async station => {
      const to = options.to ?? peers(station).find(({ relation }) => relation === 'upstream')?.id
      if (to === undefined) throw new InvalidArgumentError('--to is missing, and there is no upstream')
      return exportBundle(station, {
        ...{ to, folder: stick, signal },
        onProgress: ({ entries }) => bar.update(entries),
        ...(partMib !== undefined && { partBytes: partMib * MIB }),
      })
    })
    const { entries, payloads, receipts, files } = bundle
    const text = formatLines([
      `${stick}: bundle ${bundle.bundle} for ${bundle.to}, ${counted(files.length, 'file')}`,
      `  ${counted(entries, 'entry', 'entries')}, ${counted(payloads, 'payload')}, ${counted(receipts, 'receipt')}`,
      '  everything waits until the receipts are back',
    ])
    return { exitCode: EXIT.DONE, json: bundle, text }
  } finally {
    bar.stop()
  }
}

export function addExport(station: Command, run: Run): void {
  station
    .command('export')
    .summary('write a bundle onto a stick')
    .description(
      'Writes what another station lacks, sealed for it, as files into a folder. What was sent counts when its receipts are back.',
    )
    .argument('<folder>', "the station's folder")
    .argument('<stick>', 'folder to write into')
    .option('--to <id>', 'the station that it is for (default: upstream)')
    .addOption(optionalCount('--part-mib <n>', 'most mebibytes of a file (default: 1024)', MOST_PART_MIB))
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(write))
}
