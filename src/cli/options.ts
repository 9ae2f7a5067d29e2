import { InvalidArgumentError, Option } from 'commander'
import { DEFAULTS, MAX_THREADS } from '../options.js'

/** What every command that reads prints takes. */
export interface CommonOptions {
  readonly json?: boolean
  readonly ppi?: number
  readonly classical?: boolean
  readonly threads?: number
}

function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is not a number.')
  return value
}

export function parseRate(text: string): number {
  const value = parseNumber(text)
  if (value > 0 && value <= 1) return value
  throw new InvalidArgumentError('It is not above 0 and at most 1.')
}

function parseScore(text: string): number {
  const value = parseNumber(text)
  if (value >= 0) return value
  throw new InvalidArgumentError('It is below 0, as no score is.')
}

function parsePositive(text: string): number {
  const value = parseNumber(text)
  if (value > 0) return value
  throw new InvalidArgumentError('It is not above 0.')
}

function parseWhole(text: string, least: number, most: number): number {
  const value = parseNumber(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new InvalidArgumentError(`It is not a whole number from ${least} to ${most}.`)
}

export const jsonOption = () => new Option('--json', 'print one JSON document')

export const ppiOption = () =>
  new Option('--ppi <n>', 'resolution of the images in pixels per inch, instead of what they say').argParser(
    parseNumber,
  )

export const classicalOption = () =>
  new Option(
    '--classical',
    'find minutiae by filters and thinning instead of the network: the reference, less accurate',
  )

export const threadsOption = () =>
  new Option('--threads <n>', 'number of worker threads (default: one for each processor)').argParser(text =>
    parseWhole(text, 1, MAX_THREADS),
  )

export const minScoreOption = () =>
  new Option('--min-score <n>', 'score from which prints count as of one finger').argParser(parseScore)

export const targetFmrOption = () =>
  new Option('--target-fmr <rate>', 'instead: false match rate of one comparison that is accepted, such as 1e-6')
    .argParser(parseRate)
    .conflicts('minScore')

export const targetFpirOption = () =>
  new Option(
    '--target-fpir <rate>',
    'share of searches of fingers that are not in the gallery which may find anybody ' +
      `(default: ${DEFAULTS.targetFpir}, and no score below ${DEFAULTS.leastScore})`,
  )
    .argParser(parseRate)
    .conflicts(['minScore', 'targetFmr'])

export const targetFalsePairsOption = () =>
  new Option(
    '--target-false-pairs <n>',
    'pairs of different fingers that may be expected by chance in all of the report ' +
      `(default: ${DEFAULTS.targetFalsePairs}, and no score below ${DEFAULTS.leastScore})`,
  ).argParser(parsePositive)

/** The standard's r; what `encodeWsq` takes. */
const MOST_BIT_RATE = 8

export const bitRateOption = () =>
  new Option('--bit-rate <n>', 'of WSQ, in bits a pixel (default: 0.75)').argParser(text => {
    const value = parsePositive(text)
    if (value <= MOST_BIT_RATE) return value
    throw new InvalidArgumentError(`It is above ${MOST_BIT_RATE}.`)
  })

export const cardOption = () =>
  new Option(
    '--card <size>',
    'the file is a minutiae record of a card format, which none can tell by its bytes',
  ).choices(['normal', 'compact'])

export const printOption = () =>
  optionalCount('--print <n>', 'which of the prints in a file that has several, from 1', 100_000)

/** A whole number from 1 to `most`. */
export const countOption = (flags: string, description: string, most: number, initial: number) =>
  new Option(flags, description).argParser(text => parseWhole(text, 1, most)).default(initial)

/** The same without a default. */
export const optionalCount = (flags: string, description: string, most: number) =>
  new Option(flags, description).argParser(text => parseWhole(text, 1, most))

export const seedOption = (description = 'the same seed gives the same prints') =>
  new Option('--seed <n>', description).argParser(text => parseWhole(text, 0, 2 ** 32 - 1)).default(1)
