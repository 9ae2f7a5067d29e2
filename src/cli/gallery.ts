import type { Command } from 'commander'
import type { Run } from './command.js'
import { addGalleryBuild } from './gallery-build.js'
import { addGalleryCompact } from './gallery-compact.js'
import { addGalleryDedupe } from './gallery-dedupe.js'
import { addGalleryInfo } from './gallery-info.js'
import { addGalleryReExtract } from './gallery-re-extract.js'
import { addGalleryVerify } from './gallery-verify.js'

export function addGallery(program: Command, run: Run): void {
  const gallery = program
    .command('gallery')
    .summary('make, inspect and tend galleries')
    .description('Gallery files and durable galleries.')
  addGalleryBuild(gallery, run)
  addGalleryInfo(gallery, run)
  addGalleryCompact(gallery, run)
  addGalleryVerify(gallery, run)
  addGalleryReExtract(gallery, run)
  addGalleryDedupe(gallery, run)
}
