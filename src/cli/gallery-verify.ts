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
import { type CommonOptions, jsonOption } from './options.js'
import { counted } from './text.js'

async function verify(_context: Context, folder: string, _options: CommonOptions): Promise<Outcome> {
  const ids = new Set<string>()
  const receive = ({ id, template }: SnapshotEntry) => {
    const problem = ids.has(id) ? 'it comes twice' : problemOf(template)
    if (problem === undefined) ids.add(id)
    return problem
  }
  const holder = { receive, has: (id: string) => ids.has(id) }
  const storage = await openStorage(folder, holder, { readOnly: true, damaged: 'skip' })
  const { damage } = storage
  await storage.close()
  const kept = (await galleryFiles(folder)).map(({ name }) => name).filter(isAside)
  const state = damage.length === 0 ? 'whole' : counted(damage.length, 'damaged place')
  const lines = [`${folder}: ${counted(ids.size, 'print')}, ${state}`, ...damageLines(damage)]
  if (kept.length > 0) lines.push(`kept from earlier damage: ${kept.join(', ')}`)
  const exitCode = damage.length === 0 ? EXIT.DONE : EXIT.BAD_INPUT
  return { exitCode, json: { folder, prints: ids.size, damage, kept }, text: lines.join('\n') }
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
      'Reads every byte of a durable gallery and reports damage and where it is. Exit code 0 when there is none, 3 when there is. Writes nothing.',
    )
    .argument('<folder>', "a durable gallery's folder")
    .addOption(jsonOption())
    .action(run(verify))
}
