import { randomUUID } from 'node:crypto'

/** The id of a new record: random, because headers of entries bear it in the clear, and it must tell nothing of the person. */
export function newRecordId(): string {
  return randomUUID()
}
