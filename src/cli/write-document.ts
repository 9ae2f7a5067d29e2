import { writeFile } from 'node:fs/promises'
import { PRIVATE_FILE_MODE } from '../node/modes.js'
import { replaceFile } from './output-file.js'

/** Written at once. */
const PIECE_CHARACTERS = 65_536

/**
 * Writes an object to `path` as JSON, all or nothing, for its owner alone; what is in its lists one
 * a line. It may be longer than a string can be.
 *
 * @throws SidikError FILE_UNWRITABLE
 */
export function writeDocument(path: string, value: object): Promise<void> {
  return replaceFile(path, temporaryPath =>
    writeFile(temporaryPath, inPieces(documentLines(value)), { mode: PRIVATE_FILE_MODE, flag: 'wx' }),
  )
}

/** The lines of the document, with their ends. */
export function* documentLines(value: object): Generator<string> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  yield '{\n'
  for (const [i, [name, member]] of members.entries()) {
    const end = i < members.length - 1 ? ',\n' : '\n'
    if (!Array.isArray(member) || member.length === 0) {
      yield `  ${JSON.stringify(name)}: ${JSON.stringify(member)}${end}`
      continue
    }
    yield `  ${JSON.stringify(name)}: [\n`
    for (const [j, item] of member.entries()) yield `    ${JSON.stringify(item)}${j < member.length - 1 ? ',' : ''}\n`
    yield `  ]${end}`
  }
  yield '}\n'
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < PIECE_CHARACTERS) continue
    yield piece
    piece = ''
  }
  yield piece
}
