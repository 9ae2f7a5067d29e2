/** Whether what an entry names as templates are some: before it takes effect, and before they are given on. */
import { SidikError } from '../../errors.js'
import { decodeTemplates } from '../enrol/templates-payload.js'
import type { EntryHeader } from '../journal/entry.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import { getPayload } from '../store/payloads.js'
import type { Ground } from './ground.js'
import type { RefusalCode } from './refusal-codes.js'

/** Why not; undefined when they are, or the entry names none. All payloads are here. */
export function whyNotTemplates({ file, keys }: Ground, { payloads }: EntryHeader): RefusalCode | undefined {
  const reference = payloads.find(({ role }) => role === TEMPLATES_ROLE)
  if (reference === undefined) return undefined
  try {
    const bytes = getPayload(file, keys, Buffer.from(reference.hash, 'hex'))!
    decodeTemplates(bytes)
    return undefined
  } catch (error) {
    if (error instanceof SidikError) return 'TEMPLATES_CORRUPT'
    throw error
  }
}
