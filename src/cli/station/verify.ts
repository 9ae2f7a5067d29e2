import { join } from 'node:path'
import type { Command } from 'commander'
import type { Finding } from '../../station/verify/findings.js'
import { verifyStationFile } from '../../station/verify/verify.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { counted, formatCount, formatLines } from '../text.js'
import { NAMES, readIdentity, readKey, type StationOptions } from './folder.js'
import { keyOption } from './options.js'

async function verify(context: Context, folder: string, options: StationOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const path = join(folder, NAMES.file)
  const identity = await readIdentity(folder)
  const key = await readKey(options.key ?? join(folder, NAMES.key))
  const bar = startProgress('verifying')
  try {
    const found = await verifyStationFile(path, {
      ...{ key, identity, signal },
      onProgress: ({ done, total }) => bar.update(done, total),
    })
    const { ok, findings, unlisted, counts } = found
    const read = Object.entries(counts).map(([name, count]) => `${formatCount(count)} ${words(name)}`)
    const lines = [`${path}: ${ok ? 'whole' : counted(findings.length + unlisted, 'finding')}`, `  ${read.join(', ')}`]
    const text = formatLines([...lines, ...findings.map(lineOf)])
    return { exitCode: ok ? EXIT.DONE : EXIT.BAD_INPUT, json: found, text }
  } finally {
    bar.stop()
  }
}

/** 'walFrames' as 'wal frames'. */
const words = (name: string) => name.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

function lineOf({ code, where, message }: Finding): string {
  const place = Object.entries(where).map(([name, value]) => `${name} ${value}`)
  return `  ${code}: ${message} (${place.join(', ')})`
}

export function addVerify(station: Command, run: Run): void {
  station
    .command('verify')
    .summary('check every entry, signature and payload, and locate damage')
    .description(
      "Reads all of a station's file: pages, journal, signatures, payloads, tables. Works on a file that no station opens any more. Exit code 0 " +
        'when all is whole, 3 when something is not. Changes nothing.',
    )
    .argument('<folder>', "the station's folder")
    .addOption(keyOption())
    .addOption(jsonOption())
    .action(run(verify))
}
