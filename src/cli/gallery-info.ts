import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { SidikError } from '../errors.js'
import { galleryFiles } from '../node/gallery-folder.js'
import { isFolder } from '../node/read-file.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { type KeyOptions, keyFileOption } from './key-file.js'
import { openStoredGallery } from './open-gallery.js'
import { type CommonOptions, jsonOption } from './options.js'
import { counted } from './text.js'
import { withEngine } from './with-engine.js'

interface InfoOptions extends CommonOptions, KeyOptions {
  readonly ids?: boolean
}

async function info(_context: Context, path: string, options: InfoOptions): Promise<Outcome> {
  return withEngine(1, async engine => {
    const gallery = await openStoredGallery(engine, path, options)
    if (gallery === undefined) {
      throw new SidikError('GALLERY_FORMAT', `${path} is a folder; sidik gallery build makes a gallery file of it`)
    }
    const bytes = await storedBytes(path)
    const ids = options.ids ? [...gallery.ids()].sort() : undefined
    const text = [`${path}: ${counted(gallery.size, 'print')}, ${counted(bytes, 'byte')}`, ...(ids ?? [])].join('\n')
    return { exitCode: EXIT.DONE, json: { file: path, prints: gallery.size, bytes, ids }, text }
  })
}

/** Of the file, or of the folder's files. */
async function storedBytes(path: string): Promise<number> {
  if (!(await isFolder(path))) return (await stat(path)).size
  return (await galleryFiles(path)).reduce((sum, { bytes }) => sum + bytes, 0)
}

export function addGalleryInfo(gallery: Command, run: Run): void {
  gallery
    .command('info')
    .summary('say what a gallery holds')
    .description('Says what a gallery file, or the folder of a durable gallery, holds.')
    .argument('<path>', "gallery file, or a durable gallery's folder")
    .option('--ids', 'list the ids, in order')
    .addOption(keyFileOption())
    .addOption(jsonOption())
    .action(run(info))
}
