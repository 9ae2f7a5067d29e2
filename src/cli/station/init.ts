import { randomBytes } from 'node:crypto'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { SidikError } from '../../errors.js'
import { makeFolders } from '../../node/make-folders.js'
import { createIdentity, isStationId, publicIdentity } from '../../station/identity.js'
import { openStation } from '../../station/open.js'
import { KEY_BYTES } from '../../station/store/seal.js'
import type { Context, Outcome, Run } from '../command.js'
import { EXIT } from '../exit-codes.js'
import { jsonOption } from '../options.js'
import { formatLines } from '../text.js'
import { NAMES } from './folder.js'

/** Its owner reads and writes it, nobody else. */
const SECRET_MODE = 0o600

interface InitOptions {
  readonly id: string
  readonly ownCentre?: boolean
}

async function init(_context: Context, folder: string, { id, ownCentre }: InitOptions): Promise<Outcome> {
  const present = await readdir(folder).catch(error => {
    if (error.code === 'ENOENT') return []
    throw new SidikError('FILE_UNREADABLE', `${folder} is no folder that can be read (${error.code})`)
  })
  if (present.length > 0) throw new SidikError('FILE_UNWRITABLE', `${folder} is not empty: name a new folder`)
  // Beside it first: after a kill there is no folder that looks like a station and lacks a key.
  const making = `${folder.replace(/[/\\]+$/, '')}.new-${randomBytes(4).toString('hex')}`
  const identity = await createIdentity(id)
  const key = randomBytes(KEY_BYTES)
  const shown = await publicIdentity(identity)
  try {
    await makeFolders(making, 0o700)
    await writeFile(join(making, NAMES.identity), jsonText(identity), { mode: SECRET_MODE })
    await writeFile(join(making, NAMES.key), key, { mode: SECRET_MODE })
    await writeFile(join(making, NAMES.public), jsonText(shown))
    const station = await openStation({ path: join(making, NAMES.file), key, identity, ownCentre: ownCentre === true })
    await station.close()
    await rename(making, folder)
  } catch (cause) {
    // It has secrets in it that are of no use to anybody.
    await rm(making, { recursive: true, force: true })
    if (cause instanceof SidikError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    throw new SidikError('FILE_UNWRITABLE', `${folder} cannot be made (${code})`, { cause })
  }
  const text = formatLines([
    `${folder}: station ${id}`,
    `  ${NAMES.public} is for the stations that it synchronises with`,
    `  ${NAMES.key} and ${NAMES.identity} are secret: without them nothing in the station can be read again, so keep copies in a safe`,
  ])
  return { exitCode: EXIT.DONE, json: { folder, ...shown }, text }
}

const jsonText = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`

function parseId(text: string): string {
  if (isStationId(text)) return text
  throw new InvalidArgumentError("It must be 1 to 64 letters, digits, '.', '-' or '_'.")
}

export function addInit(station: Command, run: Run): void {
  station
    .command('init')
    .summary('make a station with keys of its own')
    .description(
      'Makes a folder with a new station: its file, its identity and its key. Nothing that exists is changed.',
    )
    .argument('<folder>', 'a new or empty folder')
    .requiredOption('--id <id>', 'name of the station, unique among all: 3276-01', parseId)
    .option('--own-centre', 'decide about its own records while there is no station above: an office that works alone')
    .addOption(jsonOption())
    .action(run(init))
}
