/** Printers as they are named on the command line. */
import { InvalidArgumentError } from 'commander'
import type { Printer } from '../../station/print/types.js'

export type PrinterPlace =
  | { readonly kind: 'file'; readonly folder: string }
  | { readonly kind: 'cups'; readonly queue: string; readonly server?: string }

/** `file:DIR`, or `cups:QUEUE` and where CUPS is: `cups:QUEUE@HOST:PORT`. */
export function parsePrinter(text: string): PrinterPlace {
  const [, folder] = /^file:(.+)$/.exec(text) ?? []
  if (folder !== undefined) return { kind: 'file', folder }
  const [, queue, server] = /^cups:([A-Za-z0-9_][A-Za-z0-9._-]{0,63})(?:@(.+))?$/.exec(text) ?? []
  if (queue !== undefined) return { kind: 'cups', queue, ...(server !== undefined && { server }) }
  throw new InvalidArgumentError('It is not file:DIR, cups:QUEUE or cups:QUEUE@HOST:PORT.')
}

/** @param name in the books, instead of 'file' or that of the queue */
export async function printerAt(place: PrinterPlace, name: string | undefined): Promise<Printer> {
  const named = name !== undefined && { name }
  if (place.kind === 'file') {
    const { filePrinter } = await import('../../station/print/printers/file-printer.js')
    return filePrinter({ folder: place.folder, format: 'pdf', ...named })
  }
  const { cupsPrinter } = await import('../../station/print/printers/cups/cups-printer.js')
  const { queue, server } = place
  return cupsPrinter({ queue, ...(server !== undefined && { server }), ...named })
}
