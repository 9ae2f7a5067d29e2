import type { Command } from 'commander'
import { SidikError } from '../errors.js'
import type { Damage } from '../gallery/damage.js'
import type { SnapshotEntry } from '../gallery/snapshot.js'
import { galleryFiles } from '../node/gallery-folder.js'
import { isAside } from '../node/gallery-names.js'
import { openStorage } from '../node/open-storage.js'
import { decodeTemplate } from '../template/native.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type KeyOptions, keyFileOption, keyOf } from './key-file.js'
import { type CommonOptions, jsonOption } from './options.js'
import { counted } from './text.js'

interface VerifyOptions extends CommonOptions, KeyOptions {}

async function verify(_context: Context, folder: string, { keyFile }: VerifyOptions): Promise<Outcome> {
  const key = await keyOf(keyFile)
  const ids = new Set<string>()
  const receive = ({ id, template }: SnapshotEntry) => {
    const problem = ids.has(id) ? 'it comes twice' : problemOf(template)
    if (problem === undefined) ids.add(id)
    return problem
  }
  const holder = { receive, has: (id: string) => ids.has(id) }
  const options = { readOnly: true, damaged: 'skip', key, isUnopened: key === undefined } as const
  const { damage, isOpened } = await openStorage(folder, holder, options)
  const kept = (await galleryFiles(folder)).map(({ name }) => name).filter(isAside)
  const prints = isOpened ? ids.size : null
  const state = damage.length === 0 ? (isOpened ? 'whole' : 'no damage found') : counted(damage.length, 'damaged place')
  const held = isOpened ? counted(ids.size, 'print') : 'sealed'
  const lines = [`${folder}: ${held}, ${state}`, ...damageLines(damage)]
  if (!isOpened) lines.push('checksums, numbers and lengths were checked, not what is sealed: for that give --key-file')
  if (kept.length > 0) lines.push(`kept from earlier damage: ${kept.join(', ')}`)
  const exitCode = damage.length === 0 ? EXIT.DONE : EXIT.BAD_INPUT
  return { exitCode, json: { folder, prints, isOpened, damage, kept }, text: lines.join('\n') }
}

function problemOf(template: Uint8Array): string | undefined {
  try {
    decodeTemplate(template)
    return undefined
  } catch (error) {
    if (error instanceof SidikError) return error.message
    throw error
  }
}

/** Each damaged place in a line for people. */
export function damageLines(damage: readonly Damage[]): string[] {
  return damage.map(({ file, offsetBytes, bytes, reason }) => {
    return `  ${file}, byte ${offsetBytes}, ${counted(bytes, 'byte')}: ${reason}`
  })
}

export function addGalleryVerify(gallery: Command, run: Run): void {
  gallery
    .command('verify')
    .summary('read all of a durable gallery and report damage')
    .description(
      'Reads every byte of a durable gallery and reports damage and where it is. Exit code 0 when there is ' +
        'none, 3 when there is. Without the key of a gallery that has one, what is sealed is not looked into. ' +
        'Writes nothing.',
    )
    .argument('<folder>', "a durable gallery's folder")
    .addOption(keyFileOption())
    .addOption(jsonOption())
    .action(run(verify))
}
