/**
 * The state of a folder source: which frames of which files were taken. UTF-8 text, a JSON object a line, appended to:
 *
 *     {"sidik":"folder source","version":1}
 *     {"file":"0001.png","sha256":"<64 hex digits>","frames":[0],"of":1,"stat":"<size>.<mtime>.<ctime>"}
 *
 * `frames` counts the images in the file from 0, `of` says how many there are; lines of one file and hash add up. `stat` is what the
 * file system said of the file then (times in nanoseconds since 1970): while it says the same, the file need not be read again.
 * Text behind the last line feed was being written when the power went, and is cut off.
 */
import { SidikError } from '../../../errors.js'

export interface TakenLine {
  readonly file: string
  readonly sha256: string
  readonly frames: readonly number[]
  readonly of: number
  readonly stat: string
}

export interface StateText {
  readonly lines: readonly TakenLine[]
  /** How far the whole lines go. */
  readonly bytes: number
}

const KIND = 'folder source'
const VERSION = 1

export const STATE_HEADER = `${JSON.stringify({ sidik: KIND, version: VERSION })}\n`

export function formatLine({ file, sha256, frames, of, stat }: TakenLine): string {
  return `${JSON.stringify({ file, sha256, frames, of, stat })}\n`
}

/**
 * @param path of the file, for messages
 * @throws SidikError STATE_FORMAT, STATE_VERSION, STATE_CORRUPT
 */
export function parseState(content: Uint8Array, path: string): StateText {
  const bytes = content.lastIndexOf(0x0a) + 1
  const texts = new TextDecoder().decode(content.subarray(0, bytes)).split('\n').slice(0, -1)
  checkHeader(texts[0], path)
  const lines = texts.slice(1).map((text, i) => {
    const line = jsonOf(text)
    if (isTakenLine(line)) return line
    const remedy = 'put a copy in its place, or delete it to get all files of the folder again'
    throw new SidikError('STATE_CORRUPT', `${path} is damaged in line ${i + 2}: ${remedy}`)
  })
  return { lines, bytes }
}

function checkHeader(text: string | undefined, path: string): void {
  const { sidik, version } = (jsonOf(text ?? '') ?? {}) as { sidik?: unknown; version?: unknown }
  if (sidik !== KIND || typeof version !== 'number') {
    throw new SidikError('STATE_FORMAT', `${path} is not the state of a folder source: name another folder for it`)
  }
  if (version !== VERSION) {
    throw new SidikError('STATE_VERSION', `${path} is of version ${version}; this program reads version ${VERSION}`)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTakenLine(line: unknown): line is TakenLine {
  if (typeof line !== 'object' || line === null) return false
  const { file, sha256, frames, of, stat } = line as Record<string, unknown>
  const isIndex = (index: unknown) =>
    Number.isInteger(index) && (index as number) >= 0 && (index as number) < Number(of)
  return (
    typeof file === 'string' &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    Number.isInteger(of) &&
    Array.isArray(frames) &&
    frames.every(isIndex) &&
    typeof stat === 'string'
  )
}
