/** Lines of stock as they are written on the command line. */
import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { lotRules } from '../../station/journal/kinds-stock.js'
import type { LineInput, NewLineInput } from '../../station/stock/input.js'
import { parseSerials } from '../../station/stock/serials.js'
import { readJson } from '../station/read.js'

const PIECES_HELP = "all digits is a number of pieces; a serial without letters is written as a range, '0007-0007'"

export const LINES_HELP = `lot=12, or lot=serials: B1=AB000001-AB000500,AB000700 (${PIECES_HELP})`

export const NEW_LINES_HELP = `item:lot=12, or item:lot=serials: blank:B1=AB000001-AB000500, ribbon:R1=12@500 of 500 cards each (${PIECES_HELP})`

const LOT = '[A-Za-z0-9._:/-]{1,64}'

/** For `argParser` of an argument that may be repeated. */
export function parseLine(text: string, before: readonly LineInput[] = []): LineInput[] {
  const [, lot, what] = new RegExp(`^(${LOT})=(.+)$`).exec(text) ?? []
  if (lot === undefined) throw new InvalidArgumentError('It is not lot=number or lot=serials.')
  return [...before, { lot, ...piecesOf(what, 0) }]
}

export function parseNewLine(text: string, before: readonly NewLineInput[] = []): NewLineInput[] {
  const [, item, lot, what, yields] =
    new RegExp(`^([A-Za-z0-9._-]{1,64}):(${LOT})=([^@]+)(?:@([1-9]\\d{0,5}))?$`).exec(text) ?? []
  if (item === undefined) throw new InvalidArgumentError('It is not item:lot=number or item:lot=serials.')
  return [...before, { item, lot, ...piecesOf(what, 1), ...(yields !== undefined && { yieldCards: Number(yields) }) }]
}

function piecesOf(text: string, least: number): Pick<LineInput, 'quantity' | 'serials'> {
  if (/^\d{1,9}$/.test(text)) {
    const quantity = Number(text)
    if (quantity >= least && quantity <= 100_000_000) return { quantity }
    throw new InvalidArgumentError(`${text} is not a number of pieces from ${least} to 100,000,000.`)
  }
  try {
    return { serials: parseSerials(text) }
  } catch (error) {
    if (error instanceof SidikError) throw new InvalidArgumentError(`${error.message}.`)
    throw error
  }
}

const rulesFile = z.record(z.string(), lotRules)

/**
 * The lines with the rules of a file: `{ "<lot>": { "states"?, "quota"?, "until"? } }`.
 *
 * @throws SidikError FILE_UNREADABLE, SETTINGS_FORMAT
 */
export async function withRules(lines: readonly NewLineInput[], path: string | undefined): Promise<NewLineInput[]> {
  if (path === undefined) return [...lines]
  const read = rulesFile.safeParse(await readJson(path))
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') || 'all of it'
    throw new SidikError('SETTINGS_FORMAT', `${path} has no rules of lots: see ${where} in docs/stock.md`)
  }
  const unused = Object.keys(read.data).find(lot => !lines.some(line => line.lot === lot))
  if (unused !== undefined)
    throw new SidikError('SETTINGS_FORMAT', `${path} has rules for ${unused}, and no line has that lot`)
  return lines.map(line => {
    const rules = read.data[line.lot]
    return { ...line, ...(rules && { rules }) }
  })
}
