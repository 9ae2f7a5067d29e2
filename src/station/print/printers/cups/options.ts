import { readOptions, wholeNumber } from '../../../../options.js'

export interface CupsPrinterOptions {
  /** Name of the queue at CUPS. */
  readonly queue: string
  /** Of the printer in the journal; the queue's by default. */
  readonly name?: string
  /** Where CUPS is: a host, `host:port` or the path of a socket. What CUPS itself takes by default. */
  readonly server?: string
  /** As `lp -o` takes them: `{ media: 'CR80', sides: 'two-sided-long-edge' }`. Number of copies, banners and holding are set here. */
  readonly options?: Readonly<Record<string, string>>
  /** The program `lp`, where it is not to be found by its name; `lpstat` and `cancel` lie beside it. */
  readonly lpPath?: string
  /** How long a card may take from when CUPS has it, and how long to wait before for an empty queue: 300,000 by default, at least 100. */
  readonly timeoutMs?: number
  /** How often CUPS is asked: every 500 ms by default, 20 to 60,000. */
  readonly pollMs?: number
}

export type CupsSettings = Required<Omit<CupsPrinterOptions, 'server' | 'lpPath'>> & {
  readonly server: string | undefined
  readonly lpPath: string | undefined
}

const KNOWN = ['queue', 'name', 'server', 'options', 'lpPath', 'timeoutMs', 'pollMs'] as const
/** What would print a card twice, another sheet, or none. */
const SET_HERE = ['copies', 'job-sheets', 'job-hold-until', 'document-copies', 'sheet-copies', 'job-copies']
const DAY_MS = 86_400_000

/** @throws TypeError or RangeError when one is not what it should be; nothing that passes can be an option of a program */
export function cupsSettings(given: CupsPrinterOptions): CupsSettings {
  const options = readOptions('cupsPrinter', given, KNOWN)
  const { queue, server, lpPath, timeoutMs = 300_000, pollMs = 500 } = options
  // CUPS allows more in a name; these are what is allowed in a journal too.
  mustMatch('queue', queue, /^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}$/, "letters, digits, '.', '_' and '-'")
  if (server !== undefined) {
    mustMatch(
      'server',
      server,
      /^(\/[^\0\n]+|[A-Za-z0-9[][A-Za-z0-9.:[\]_-]*)$/,
      'a host, host:port or the path of a socket',
    )
  }
  if (lpPath !== undefined) mustMatch('lpPath', lpPath, /^[^\0]*\/[^\0/]+$/, 'the path of a program')
  wholeNumber('timeoutMs', timeoutMs, 100, DAY_MS)
  wholeNumber('pollMs', pollMs, 20, 60_000)
  return { queue, server, lpPath, timeoutMs, pollMs, name: options.name ?? queue, options: jobOptions(options.options) }
}

function jobOptions(options: unknown): Readonly<Record<string, string>> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object')
  for (const [name, value] of Object.entries(options)) {
    mustMatch('a name in options', name, /^[A-Za-z][A-Za-z0-9._-]{0,63}$/, "letters, digits, '.', '_' and '-'")
    // What lp would read as a second option, or a quote, is no value.
    mustMatch(
      `options.${name}`,
      value,
      /^[A-Za-z0-9._:,+/%*-]{1,128}$/,
      'a text without spaces, quotes and backslashes',
    )
    if (SET_HERE.includes(name.toLowerCase())) throw new TypeError(`options.${name} is set by the printer itself`)
  }
  return { ...(options as Record<string, string>) }
}

function mustMatch(name: string, value: unknown, pattern: RegExp, wanted: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) throw new TypeError(`${name} must be ${wanted}`)
}
