/** The synthetic prints of the repository (fixtures/prints), decoded. */
import { readdirSync, readFileSync } from 'node:fs'
import { decodeImage } from '../../dist/image/decode.js'

const FOLDER = new URL('../../fixtures/prints/', import.meta.url)

/** Gray images in the order of their names: all, or those named. */
export async function loadPrints(names = listPrints()) {
  return Promise.all(names.map(name => decodeImage(readFileSync(new URL(name, FOLDER)))))
}

function listPrints() {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.png'))
    .sort()
}
