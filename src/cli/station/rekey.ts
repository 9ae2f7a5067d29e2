import { randomBytes } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SidikError } from '../../errors.js'
import { type Rekeyed, resealAll, rotateKey } from '../../station/rotate.js'
import { KEY_BYTES } from '../../station/store/seal.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { formatCount, formatLines } from '../text.js'
import { NAMES, opens, putInPlace, withStation } from './folder.js'

interface RekeyOptions {
  readonly reseal?: boolean
}

async function rekey(context: Context, folder: string, { reseal = false }: RekeyOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const done = await withStation(folder, {}, async (station, identity) => {
    const key = randomBytes(KEY_BYTES)
    // A name of its own: another rekey at the same time must not take its key for this one.
    const next = join(folder, `${NAMES.newKey}-${randomBytes(8).toString('hex')}`)
    await keep(next, key)
    let rekeyed: Rekeyed
    try {
      rekeyed = rotateKey(station, key)
    } catch (error) {
      // Another command was faster, or nothing could be written. The station says which key it has.
      if (!(await opens(folder, key, identity))) await rm(next, { force: true })
      throw error
    }
    // Killed before this line, the next command finds that this key is the one, and does it.
    await putInPlace(next, folder)
    if (!reseal) return { resealed: 0, ...rekeyed }
    const bar = startProgress('sealing anew')
    try {
      return await resealAll(station, { signal, onProgress: ({ done, total }) => bar.update(done, total) })
    } finally {
      bar.stop()
    }
  })
  const text = formatLines([
    `${folder}: ${NAMES.key} is another one now: put a copy into the safe, and keep the old one as long as there are copies of the old file`,
    ...(reseal ? [`  ${formatCount(done.resealed)} contents sealed anew`] : []),
    ...(done.isOldKeyGone
      ? []
      : ['  another program reads the file: what the old key opens is overwritten when all have closed it']),
  ])
  return { exitCode: EXIT.DONE, json: { folder, ...done }, text }
}

/** On the disk before the station is sealed with it. */
async function keep(path: string, key: Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(key)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new SidikError('FILE_UNWRITABLE', `${path} cannot be written (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    })
  }
}

export function addRekey(station: Command, run: Run): void {
  station
    .command('rekey')
    .summary('give the station another key')
    .description(
      'Makes a new key, seals the station with it, and puts it in the place of the old one in the folder. For a key that is kept elsewhere there ' +
        'is rotateKey. Safe to be killed at any moment.',
    )
    .argument('<folder>', "the station's folder")
    .option('--reseal', 'seal what is there anew too, which takes a while')
    .addOption(jsonOption())
    .action(run(rekey))
}
