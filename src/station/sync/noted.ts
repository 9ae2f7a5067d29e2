import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
import type { AnomalyCode } from '../types.js'

/**
 * Writes down what must not happen, once: a fault that repeats with each exchange would fill the journal.
 *
 * @param about what makes it another one: the same code about the same is not written again
 * @param detail in words; names stations and numbers, never persons
 */
export function noteAnomaly(station: Station, code: AnomalyCode, about: string, detail: string): void {
  const { file } = partsOf(station)
  file.transaction(() => {
    const isNew = file.run('INSERT INTO noted (about) VALUES (?) ON CONFLICT DO NOTHING', `${code} ${about}`) > 0
    if (isNew) append(station, { kind: 'anomaly', direction: 'local', body: { code, detail } })
  })
}
