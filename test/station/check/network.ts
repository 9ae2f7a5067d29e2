/** A hub that compares, kiosks below it that do not, and what people do at them. */
import { createIdentity, enrol, planPrinting, type Recorded, requestCard, type Station } from 'sidik/station'
import { engineForTests } from '../../support/engine.js'
import { newStation, somebody } from '../enrol/support.js'
import { blanks } from '../print/support.ts'
import { type Below, below } from './below.ts'
import type { peopleOf } from './fingers.ts'

type Fingers = ReturnType<ReturnType<typeof peopleOf>['firstOf']>

/** Records somebody, whose record's id it gives. */
export async function recorded(station: Station, nik: number, fingers: Fingers): Promise<string> {
  return ((await enrol(station, somebody(nik, fingers))) as Recorded).recordId
}

/** Why cards wait there, and how many would be printed. */
export const waitsAt = ({ station }: Below) => planPrinting(station).waits.map(({ code }) => code)
export const printsAt = ({ station }: Below) => planPrinting(station).prints.length

/** The hub, which is the centre and compares when it is told to, and two kiosks with blanks. */
export async function hubOfTwo() {
  const engine = await engineForTests()
  const hub = await newStation({ engine, check: { background: false }, identity: await createIdentity('hub') })
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  for (const { station } of [one, two]) blanks(station, 2)
  const meet = async () => {
    for (const each of [one, two]) await each.meet()
  }
  const wanted = async ({ station }: Below, record: string) => {
    requestCard(station, { record, operator: 'operator-7' })
    await meet()
  }
  return { hub, one, two, meet, wanted }
}
