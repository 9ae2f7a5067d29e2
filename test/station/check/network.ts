/** A hub that compares, kiosks below it that do not, and what people do at them. */
import {
  adjudications,
  checkRecords,
  createIdentity,
  enrol,
  planPrinting,
  type Recorded,
  requestCard,
  type Station,
} from 'sidik/station'
import { expect } from 'vitest'
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

/**
 * The hub, which compares when it is told to, and two kiosks with blanks. It is the centre, unless
 * there is one: `above` synchronises with that.
 */
export async function hubOfTwo(centre?: Station) {
  const options = { engine: await engineForTests(), check: { background: false } }
  const top = centre && (await below(centre, 'hub', options))
  const hub = top?.station ?? (await newStation({ ...options, identity: await createIdentity('hub') }))
  const [one, two] = [await below(hub, 'kiosk-1'), await below(hub, 'kiosk-2')]
  for (const { station } of [one, two]) blanks(station, 2)
  const meet = async () => {
    for (const each of [one, two]) await each.meet()
  }
  const wanted = async ({ station }: Below, record: string) => {
    requestCard(station, { record, operator: 'operator-7' })
    await meet()
  }
  return { hub, one, two, meet, wanted, above: top?.meet }
}

/** The same, with one person recorded at both kiosks, and the case that the hub has found. */
export async function hubWithPair({ firstOf, againOf }: ReturnType<typeof peopleOf>, centre?: Station) {
  const net = await hubOfTwo(centre)
  const first = await recorded(net.one.station, 1, firstOf(1))
  const second = await recorded(net.two.station, 2, againOf(1))
  await net.meet()
  await checkRecords(net.hub)
  expect(adjudications(net.hub)).toHaveLength(1)
  return { ...net, first, second }
}
