/** What a city and its sub-district say of a card, honestly or not, heard in any order. */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { handOver, printCards, printJobs, receiveCards, sendCards, spoilCard, verifyStation } from 'sidik/station'
import { expect, it, vi } from 'vitest'
import { between, city, claims, hearBoth, KINDS, SHIPMENTS, standing, wordsOf } from './passed.ts'
import { BY, printerThat, render, WHY } from './support.ts'

vi.setConfig({ testTimeout: 240_000 })

const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('meet' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const), shipment: fc.constantFrom(...SHIPMENTS) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('receive' as const), shipment: fc.constantFrom(...SHIPMENTS) }) },
  fc.record({ do: fc.constantFrom('hand over' as const, 'spoil' as const), at: fc.constantFrom('hub', 'kiosk-1') }),
  fc.record({ do: fc.constantFrom('lose' as const, 'take back' as const, 'send back' as const, 'print' as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      kind: fc.constantFrom(...KINDS),
      at: fc.constantFrom('hub', 'kiosk-1'),
      shipment: fc.constantFrom(...SHIPMENTS),
    }),
  },
)

it('all come to the same, in whatever order they hear what two stations say', async () => {
  const turns = fc
    .array(fc.boolean(), { minLength: 8, maxLength: 40 })
    .filter(all => all.includes(true) && all.includes(false))
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 14 }), turns, turns, async (deeds, one, two) => {
      const { hub, kiosk, meet, job, record } = await city()
      const at = (id: string) => (id === 'hub' ? hub : kiosk)
      let back = 0
      const attempt = async (work: () => unknown) => {
        try {
          await work()
        } catch (error) {
          if (!(error instanceof SidikError)) throw error
        }
      }
      for (const each of deeds) {
        await attempt(async () => {
          if (each.do === 'meet') await meet()
          else if (each.do === 'send') sendCards(hub, { shipment: each.shipment, to: 'kiosk-1', cards: [job], ...BY })
          else if (each.do === 'receive') receiveCards(kiosk, { shipment: each.shipment, cards: [job], ...BY })
          else if (each.do === 'hand over') handOver(at(each.at), job, { to: 'Siti', ...BY })
          else if (each.do === 'spoil') spoilCard(at(each.at), job, WHY)
          else if (each.do === 'lose') spoilCard(hub, job, WHY)
          else if (each.do === 'take back') {
            const [{ shipment = 'none' }] = printJobs(hub).filter(card => card.job === job)
            receiveCards(hub, { shipment, cards: [job], ...BY })
          } else if (each.do === 'send back') {
            sendCards(kiosk, { shipment: `back-${++back}`, to: 'hub', cards: [job], ...BY })
          } else if (each.do === 'print') await printCards(hub, { printer: printerThat(), render })
          else if (each.do === 'claim') claims(at(each.at), each.kind, { job, record, shipment: each.shipment })
        })
      }
      await meet()
      // Said twice, nothing is changed by it.
      await meet()
      const [cards, ours] = [standing(hub, 'cards'), standing(hub, 'all')]
      expect(standing(kiosk, 'cards')).toEqual(cards)
      for (const order of [one, two]) {
        const station = await between(hub, kiosk)
        hearBoth(station, wordsOf(hub), wordsOf(kiosk), order)
        expect(standing(station, 'all')).toEqual(ours)
      }
      for (const station of [hub, kiosk]) expect((await verifyStation(station)).findings).toEqual([])
    }),
    { numRuns: 25 },
  )
})
