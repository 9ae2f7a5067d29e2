import type { Command } from 'commander'
import { galleryFiles } from '../node/gallery-folder.js'
import { isAside } from '../node/gallery-names.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { damageLines } from './gallery-verify.js'
import { type KeyOptions, keyFileOption, keyOf } from './key-file.js'
import { type CommonOptions, jsonOption } from './options.js'
import { counted, formatCount } from './text.js'
import { withEngine } from './with-engine.js'

interface CompactOptions extends CommonOptions, KeyOptions {
  readonly skipDamaged?: boolean
  readonly newKeyFile?: string
}

async function compact(_context: Context, folder: string, options: CompactOptions): Promise<Outcome> {
  const [key, newKey] = [await keyOf(options.keyFile), await keyOf(options.newKeyFile)]
  const damaged = options.skipDamaged ? 'skip' : 'refuse'
  return withEngine(1, async engine => {
    const gallery = await engine.openDurableGallery(folder, { damaged, ...(key && { key }) })
    try {
      const bytesBefore = await usedBytes(folder)
      await gallery.compact(newKey && { key: newKey })
      const bytes = await usedBytes(folder)
      const { size: prints, damage } = gallery
      const kept = (await galleryFiles(folder)).map(({ name }) => name).filter(isAside)
      const lines = [`${folder}: ${counted(prints, 'print')}, ${counted(bytes, 'byte')} (${formatCount(bytesBefore)})`]
      lines.push(...damageLines(damage))
      if (kept.length > 0) lines.push(`kept: ${kept.join(', ')}`)
      return { exitCode: EXIT.DONE, json: { folder, prints, bytes, bytesBefore, damage, kept }, text: lines.join('\n') }
    } finally {
      await gallery.close()
    }
  })
}

/** Without what is only kept. */
async function usedBytes(folder: string): Promise<number> {
  const files = (await galleryFiles(folder)).filter(({ name }) => !isAside(name))
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

export function addGalleryCompact(gallery: Command, run: Run): void {
  gallery
    .command('compact')
    .summary('write a new snapshot of a durable gallery')
    .description(
      'Writes a new snapshot of a durable gallery and begins its tail anew. Damage stops it unless it is to be skipped; the damaged files are then kept under other names.',
    )
    .argument('<folder>', "a durable gallery's folder")
    .option('--skip-damaged', 'go on without what is damaged')
    .addOption(keyFileOption())
    .option('--new-key-file <file>', 'seal it with this key from now on, also where it had none')
    .addOption(jsonOption())
    .action(run(compact))
}
