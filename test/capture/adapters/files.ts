import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeRecordImage, type GrayImage } from 'sidik'
import { imageRecordOf, writeImageRecord } from 'sidik/formats'
import { afterAll } from 'vitest'
import { encodeImage } from '../../../dist/image/encode-image.js'

/** A new folder that is removed when the tests of a file are over. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sidik-${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const png = (image: GrayImage) => encodeImage(image, 'png')

/** A finger image record with images of several fingers, from the right thumb on. */
export async function record(images: readonly GrayImage[]): Promise<Uint8Array> {
  const options = { compression: 'raw' as const, impression: 0 }
  const encoded = await Promise.all(
    images.map((image, i) => encodeRecordImage(image, { ...options, fingerPosition: i + 1 })),
  )
  return writeImageRecord(imageRecordOf(encoded, { format: 'iso-19794-4-2005' }))
}

/** The same with an impression type that the standard reserves: it deviates, and can mean only one thing. */
export async function deviatingRecord(images: readonly GrayImage[]): Promise<Uint8Array> {
  const bytes = await record(images)
  // General header of 32 bytes; impression type of the first image at 8 (ISO/IEC 19794-4:2005, 7.1 and 7.2).
  bytes[40] = 6
  return bytes
}

/** Writes a file as careful software does: it is there whole, or not at all. */
export function drop(folder: string, name: string, bytes: Uint8Array): void {
  const beside = join(folder, `.${name}.tmp`)
  writeFileSync(beside, bytes)
  renameSync(beside, join(folder, name))
}

/** Some bytes as they are, then the others, after each part a pause. */
export async function writeSlowly(path: string, bytes: Uint8Array, parts: number, pauseMs: number): Promise<void> {
  const size = Math.ceil(bytes.length / parts)
  for (let at = 0; at < bytes.length; at += size) {
    writeFileSync(path, bytes.subarray(at, at + size), { flag: at === 0 ? 'w' : 'a' })
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}
