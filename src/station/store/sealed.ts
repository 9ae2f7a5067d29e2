/** All columns that hold sealed bytes, with what each seal covers besides: what verifies and what seals anew goes through these. */
import { bodyContext } from '../journal/read.js'
import { payloadContext } from './payloads.js'

export interface SealedColumn {
  readonly table: string
  readonly column: string
  /** Columns that name the row. */
  readonly key: readonly string[]
  contextOf(row: Readonly<Record<string, unknown>>): string
}

export const draftContext = (id: string) => `draft ${id}`

export function chunkContext(peer: string, hash: string, start: number): string {
  return `payload ${hash} from byte ${start}, sent by ${peer}`
}

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'journal',
    column: 'body',
    key: ['station', 'sequence'],
    contextOf: ({ station, sequence }) => bodyContext(station as string, sequence as number),
  },
  { table: 'payload', column: 'sealed', key: ['hash'], contextOf: ({ hash }) => payloadContext(hash as Uint8Array) },
  {
    table: 'partial_chunk',
    column: 'sealed',
    key: ['peer', 'hash', 'start'],
    contextOf: ({ peer, hash, start }) =>
      chunkContext(peer as string, Buffer.from(hash as Uint8Array).toString('hex'), start as number),
  },
  { table: 'draft', column: 'sealed', key: ['id'], contextOf: ({ id }) => draftContext(id as string) },
]
