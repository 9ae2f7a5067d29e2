import { type Clock, timeOf } from '../clock.js'
import { append } from '../journal/append.js'
import type { BodyOf } from '../journal/kinds.js'
import type { QuotaName } from '../quotas/names.js'
import { mayBeNoted, type Reached } from '../quotas/use.js'
import { partsOf, type Station } from '../station.js'
import type { AnomalyCode } from '../types.js'

/**
 * Writes down what must not happen, once: a fault that repeats with each exchange would fill the journal.
 *
 * @param about what makes it another one: the same code about the same is not written again
 * @param detail in words; names stations and numbers, never persons
 * @param by the peer that did it, where that is known: what one peer has written down in a day is bounded
 */
export function noteAnomaly(station: Station, code: AnomalyCode, about: string, detail: string, by?: Reached): void {
  partsOf(station).file.transaction(() => {
    const subject = `${code} ${about}`
    if (isNoted(station, subject)) return
    const told = code === SETTLED_BY_A_WORD ? { detail, about } : { detail }
    if (by === undefined || mayBeNoted(station, by)) write(station, subject, { code, ...told })
    else noteQuota(station, by, 'anomalies')
  })
}

/** Whether an anomaly is written down about this already, and nobody has decided since. */
export function isAnomalyNoted(station: Station, code: AnomalyCode, about: string): boolean {
  return isNoted(station, `${code} ${about}`)
}

/** The anomaly that a person's word ends. */
const SETTLED_BY_A_WORD: AnomalyCode = 'voucher-conflict'

/** Whether somebody has decided about what an anomaly says, so that it is none any more. */
export function isAnomalySettled(station: Station, { code, about }: BodyOf<'anomaly'>): boolean {
  return code === SETTLED_BY_A_WORD && about !== undefined && !isAnomalyNoted(station, code, about)
}

/** Lets an anomaly be written down once more: somebody has decided about what it says. */
export function forgetAnomaly(station: Station, code: AnomalyCode, about: string): void {
  partsOf(station).file.run('DELETE FROM noted WHERE about = ?', nameOf(station, `${code} ${about}`))
}

/**
 * Writes down that a station has used up a quota: once a day.
 *
 * @param by the peer that made the station known, whose anomalies are bounded
 */
export function noteQuota(station: Station, { id }: Pick<Reached, 'id'>, quota: QuotaName, by?: Reached): void {
  const { clock } = partsOf(station)
  const day = dayOf(clock)
  const what =
    `station ${id} has used up its quota '${quota}' of ${day}: ` +
    'what it sends beyond is not taken before the next day, unless a person raises the quota'
  const left = `station ${id} has caused as many anomalies on ${day} as are written down: more are not`
  const waits =
    `the check of the records of station ${id} has used up its quota '${quota}' of ${day}: ` +
    'those that are left wait unchecked for the next day, unless a person raises the quota'
  const untold =
    `stations behind ${id} have used up the quota '${quota}' of ${day}: what they send to others is not ` +
    'announced there before the next day, and the paper alone says it, unless a person raises the quota'
  const words: Partial<Record<QuotaName, string>> = { anomalies: left, checkMs: waits, announced: untold }
  const subject = `quota-reached ${id} ${quota} ${day}`
  // No transaction where there is nothing to write: the check of records goes on after each.
  if (isNoted(station, subject)) return
  if (by !== undefined && isNoted(station, `quota-reached ${by.id} anomalies ${day}`)) return
  noteAnomaly(station, 'quota-reached', `${id} ${quota} ${day}`, words[quota] ?? what, by)
}

/** The day by this station's clock, for what is noted once a day. */
export function dayOf(clock: Clock): string {
  return timeOf(clock).slice(0, 10)
}

function isNoted(station: Station, subject: string): boolean {
  const { file } = partsOf(station)
  return file.get('SELECT 1 FROM noted WHERE about = ?', nameOf(station, subject)) !== undefined
}

function write(station: Station, subject: string, body: BodyOf<'anomaly'>): void {
  partsOf(station).file.run('INSERT INTO noted (about) VALUES (?)', nameOf(station, subject))
  append(station, { kind: 'anomaly', direction: 'local', body })
}

/**
 * Name of a subject in the file, which nobody makes without its key: who writes the file cannot
 * have it look noted. Versions before wrote the subject itself; what they noted is noted once more.
 */
function nameOf(station: Station, subject: string): string {
  return partsOf(station).keys.mac(`noted ${subject}`).toString('hex')
}
