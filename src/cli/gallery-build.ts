import type { Command } from 'commander'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { enrolmentLines, galleryOfFolder } from './open-gallery.js'
import { type CommonOptions, classicalOption, jsonOption, ppiOption, threadsOption } from './options.js'
import { checkWritable } from './output-file.js'
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

export function addGalleryBuild(gallery: Command, run: Run): void {
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
}
