import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { SidikError } from '../errors.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { namingFile } from './naming-file.js'
import { enrolmentLines, galleryOfFolder } from './open-gallery.js'
import { type CommonOptions, classicalOption, jsonOption, ppiOption, threadsOption } from './options.js'
import { checkWritable } from './output-file.js'
import { isFolder } from './read-file.js'
import { counted } from './text.js'
import { withEngine } from './with-engine.js'

interface BuildOptions extends CommonOptions {
  readonly output: string
}

async function build(context: Context, folder: string, options: BuildOptions): Promise<Outcome> {
  const { output, ppi, classical } = options
  await checkWritable(output)
  return withEngine(options.threads, async engine => {
    const { gallery, enrolment } = await galleryOfFolder(engine, folder, { ppi, classical }, context)
    context.signal.throwIfAborted()
    const lines = enrolmentLines(enrolment)
    const usable = enrolment.enrolled > 0
    if (usable) {
      await gallery.save(output)
      lines.push(`gallery: ${output}`)
    } else {
      lines.push('no gallery was written')
    }
    const json = { folder, ...enrolment, gallery: usable ? output : null }
    return { exitCode: usable ? EXIT.DONE : EXIT.BAD_INPUT, json, text: lines.join('\n') }
  })
}

interface InfoOptions extends CommonOptions {
  readonly ids?: boolean
}

async function info(_context: Context, file: string, options: InfoOptions): Promise<Outcome> {
  if (await isFolder(file)) {
    throw new SidikError('GALLERY_FORMAT', `${file} is a folder; sidik gallery build makes a gallery file of it`)
  }
  return withEngine(1, async engine => {
    const gallery = await namingFile(file, () => engine.openGallery(file))
    const { size: bytes } = await stat(file)
    const ids = options.ids ? [...gallery.ids()].sort() : undefined
    const text = [`${file}: ${counted(gallery.size, 'print')}, ${counted(bytes, 'byte')}`, ...(ids ?? [])].join('\n')
    return { exitCode: EXIT.DONE, json: { file, prints: gallery.size, bytes, ids }, text }
  })
}

export function addGallery(program: Command, run: Run): void {
  const gallery = program.command('gallery').summary('make and inspect gallery files').description('Gallery files.')
  gallery
    .command('build')
    .summary('make a gallery file of a folder of prints')
    .description(
      'Makes a gallery file of a folder of prints, each under its file name without extension. Exit code 0 when at least one could be used.',
    )
    .argument('<dir>', 'folder of images, templates or ISO records')
    .requiredOption('-o, --output <file>', 'the gallery file to write')
    .addOption(ppiOption())
    .addOption(classicalOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(build))
  gallery
    .command('info')
    .summary('say what a gallery file holds')
    .description('Says what a gallery file holds.')
    .argument('<file>', 'gallery file')
    .option('--ids', 'list the ids, in order')
    .addOption(jsonOption())
    .action(run(info))
}
