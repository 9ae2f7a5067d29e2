/** Defects of the program at which an entry was declined: a test in which one comes unasked fails. */
import { subscribe } from 'node:diagnostics_channel'

export interface Defect {
  readonly station: string
  readonly sequence: number
  readonly error: unknown
}

/** Those of the running test; it takes out what it expects. */
export const defects: Defect[] = []

subscribe('sidik:entry-defect', message => defects.push(message as Defect))
