/** Pictures of pages, compared; codes in them, read back. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsQR from 'jsqr'
import sharp, { type Region } from 'sharp'

/** Its types say that the function is the default of what Node gives as the default. */
const qrIn = jsQR as unknown as typeof jsQR.default

export interface Gray {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

export async function grayOf(png: Uint8Array, { blurPx = 0 } = {}): Promise<Gray> {
  const image = sharp(png).removeAlpha().toColourspace('b-w')
  if (blurPx > 0) image.blur(blurPx)
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** Pixels that are lighter or darker by more than `grays`; all of them where the sizes differ. */
export function differing(a: Gray, b: Gray, grays: number): number {
  if (a.width !== b.width || a.height !== b.height) return a.data.length
  let count = 0
  for (let i = 0; i < a.data.length; i++) if (Math.abs(a.data[i] - b.data[i]) > grays) count++
  return count
}

/** The text of the QR code in a part of a picture; undefined where none is read. */
export async function readQr(png: Uint8Array, part: Region): Promise<string | undefined> {
  const { data, info } = await sharp(png).extract(part).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return qrIn(new Uint8ClampedArray(data), info.width, info.height)?.data
}

/** A tool of poppler is there. */
export const hasPoppler = ['pdftoppm', 'pdftotext', 'pdfinfo'].every(tool => spawnSync(tool, ['-v']).status === 0)

function withFile<T>(pdf: Uint8Array, use: (path: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sidik-pdf-'))
  try {
    const path = join(folder, 'page.pdf')
    writeFileSync(path, pdf)
    return use(path, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Its pages as poppler draws them. */
export function pagesOf(pdf: Uint8Array, dpi: number, count: number): Uint8Array[] {
  return withFile(pdf, (path, folder) => {
    execFileSync('pdftoppm', ['-r', String(dpi), '-png', path, join(folder, 'out')])
    return Array.from({ length: count }, (_, i) => new Uint8Array(readFileSync(join(folder, `out-${i + 1}.png`))))
  })
}

export function textOf(pdf: Uint8Array): string {
  return withFile(pdf, path => execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }))
}

export function infoOf(pdf: Uint8Array): string {
  return withFile(pdf, path => execFileSync('pdfinfo', [path], { encoding: 'utf8' }))
}
