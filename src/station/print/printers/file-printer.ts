import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { systemCode } from '../../../node/file-layer.js'
import { oneOf, readOptions, wholeNumber } from '../../../options.js'
import type { Printer, PrinterProblem } from '../types.js'
import { madeOf } from './document.js'
import { oneAtATime } from './one-at-a-time.js'
import { neverSent, notPrinted, uncertain } from './outcomes.js'
import { writeWhole } from './whole-files.js'

export interface FilePrinterOptions {
  /** Where the files go; it must be there. */
  readonly folder: string
  /** Of the printer in the journal; 'file' by default. */
  readonly name?: string
  /** `pdf`: one file a card. `png`: one a page, `-1.png` the front. */
  readonly format: 'pdf' | 'png'
  /** Of PNG, 300 by default; 72 to 1,200. */
  readonly dpi?: number
}

/** A name that every file system takes has 255 bytes; numbers, the ending and what a file is called while it is written come on top. */
const NAME_CHARACTERS = 100
const MOST_OF_A_NAME = 1_000_000

/**
 * Cards as files, named after the job, by which `resolveJob` and `handOver` know the card: for a
 * program that prints what it finds in a folder, and for tests. A document without a job is named
 * after its title. A file has its name when it lies on the disk in full, never before, and is never
 * written over: the next of the same name gets a number (`KTP.pdf`, `KTP.2.pdf`).
 *
 * @throws TypeError or RangeError when an option is not what it should be
 */
export function filePrinter(options: FilePrinterOptions): Printer {
  const read = readOptions('filePrinter', options, ['folder', 'name', 'format', 'dpi'])
  const { folder, name = 'file', dpi = 300 } = read
  if (typeof folder !== 'string' || folder === '') throw new TypeError('folder must be the name of a folder')
  const format = oneOf('format', read.format, ['pdf', 'png'])
  wholeNumber('dpi', dpi, 72, 1_200)
  /** By name: how many were found or written, so that a folder of thousands is not gone through for each. */
  const counts = new Map<string, number>()

  return oneAtATime('filePrinter', name, {
    async print(document, signal, job) {
      const contents = new Map<string, Uint8Array>()
      const pages = format === 'pdf' ? [undefined] : document.pages.keys()
      for (const page of pages) {
        const bytes =
          page === undefined
            ? await madeOf(() => document.pdf(), '%PDF-')
            : await madeOf(() => document.png(page, dpi), 'PNG')
        if (!(bytes instanceof Uint8Array)) return bytes
        contents.set(page === undefined ? '.pdf' : `-${page + 1}.png`, bytes)
      }
      const base = baseName(job ?? document.title)
      for (let number = (counts.get(base) ?? 0) + 1; !signal.aborted; number++) {
        const begin = number === 1 ? base : `${base}.${number}`
        const failure = await writeWhole(folder, new Map([...contents].map(([end, bytes]) => [begin + end, bytes])))
        if (failure === undefined) {
          counts.set(base, number)
          return { outcome: 'printed' }
        }
        const code = systemCode(failure.cause)
        const { problem, message } = problemOf(code)
        if (failure.isNamed) return uncertain('lost', message)
        if (code !== 'EEXIST' || number >= MOST_OF_A_NAME) return notPrinted(problem, message)
      }
      return neverSent()
    },
    async status() {
      try {
        if (!(await stat(folder)).isDirectory()) return { isReady: false, ...problemOf('ENOTDIR') }
        await access(folder, constants.W_OK | constants.X_OK)
        return { isReady: true }
      } catch (error) {
        return { isReady: false, ...problemOf(systemCode(error)) }
      }
    },
  })
}

/** The job's id, or the title, as every file system takes it, with a part of its hash where that changed it. */
function baseName(title: string): string {
  const plain = title
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, NAME_CHARACTERS)
  if (plain === title && plain !== '') return plain
  return `${plain || 'card'}-${createHash('sha256').update(title).digest('hex').slice(0, 12)}`
}

function problemOf(code: string | undefined): { problem: PrinterProblem; message: string } {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { problem: 'unreachable', message: 'the folder for the files is not there' }
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return { problem: 'out-of-media', message: `the disk is full (${code})` }
    case 'EEXIST':
      return { problem: 'refused', message: 'there are too many files of this name: none is written over' }
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { problem: 'refused', message: `the folder may not be written to (${code})` }
    default:
      return { problem: 'offline', message: `the disk does not write (${code ?? 'no reason given'})` }
  }
}
