import { linkedAbort } from '../../../linked-abort.js'
import { abortSignal, readOptions } from '../../../options.js'
import { untilAborted } from '../../../until-aborted.js'
import type { PrintDocument, Printer, PrintOptions, PrintOutcome } from '../types.js'
import { checkDocument } from './document.js'
import { neverSent, notPrinted, uncertain } from './outcomes.js'

export type PrinterStatus = Awaited<ReturnType<NonNullable<Printer['status']>>>

/** What an adapter knows of its printer; the rest of the contract is kept here. */
export interface PrinterWork {
  /** One card. The signal is not aborted yet when it is called. */
  print(document: PrintDocument, signal: AbortSignal, job: string | undefined): Promise<PrintOutcome>
  status?(signal: AbortSignal | undefined): Promise<PrinterStatus>
}

/**
 * A printer that takes one card after the other, in the order of the calls, and none any more once it is closed. A call whose turn has not come
 * sends nothing when it is stopped.
 *
 * @param call name of the function that makes the printer
 * @throws TypeError when the name is not as `Printer.name` wants it
 */
export function oneAtATime(call: string, name: string, work: PrinterWork): Printer {
  if (typeof name !== 'string' || !/^[A-Za-z0-9._:/-]{1,64}$/.test(name)) {
    throw new TypeError(`${call}: name must be 1 to 64 letters, digits, '.', '_', ':', '/' and '-'`)
  }
  const closing = new AbortController()
  /** Ends with the card that was asked for last. */
  let last = Promise.resolve()

  async function printed(
    document: PrintDocument,
    { signal, job }: Readonly<ReturnType<typeof readPrintOptions>>,
  ): Promise<PrintOutcome> {
    if (closing.signal.aborted) return notPrinted('refused', 'nothing was sent: the printer was closed')
    if (signal?.aborted === true) return neverSent()
    const stop = linkedAbort([signal, closing.signal])
    try {
      return await work.print(document, stop.signal, job)
    } catch {
      // Its text may say what was to be printed.
      return uncertain('lost', 'the way to the printer failed in the middle')
    } finally {
      stop.unlink()
    }
  }

  return {
    name,
    async print(document, options) {
      checkDocument(document)
      const asked = readPrintOptions('print', options)
      const { signal } = asked
      const before = last
      let end = () => {}
      last = new Promise<void>(resolve => {
        end = resolve
      })
      try {
        await untilAborted(before, signal)
      } catch {
        void before.then(end)
        return neverSent()
      }
      try {
        return await printed(document, asked)
      } finally {
        end()
      }
    },
    ...(work.status !== undefined && {
      async status(options?: PrintOptions) {
        const { signal } = readPrintOptions('status', options)
        if (closing.signal.aborted) return { isReady: false, message: 'the printer was closed' }
        return work.status!(signal)
      },
    }),
    async close() {
      closing.abort(new Error('the printer was closed'))
      await last
    },
  }
}

function readPrintOptions(call: string, options: PrintOptions | undefined) {
  const { signal, job } = readOptions(call, options, ['signal', 'job'])
  if (job !== undefined && (typeof job !== 'string' || job === '')) throw new TypeError(`${call}: job must be an id`)
  return { signal: abortSignal(`${call}: signal`, signal), job }
}
