import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Evening } from '../../../dist/simulate/shortage/evening.js'
import { InvariantTally, SHORTAGE_INVARIANTS } from '../../../dist/simulate/shortage/invariants.js'
import { type ShortageReport, simulateShortage } from '../../../dist/simulate/shortage/shortage.js'
import { temporaryFolder } from '../../cli/run.js'

// Some seconds of work; a machine that is busy takes many times that.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** Of the size that a test can have. */
const SIZE = { days: 10, offices: 2, seed: 3 }

const run = (size: typeof SIZE, folder: string, onEvening?: (evening: Evening) => void) =>
  simulateShortage({
    ...size,
    folder,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...(onEvening && { onEvening }),
  })

const brokenIn = (evening: Evening) =>
  SHORTAGE_INVARIANTS.filter(({ look }) => look(evening).wrong.length > 0).map(({ name }) => name)

type Deep<T> = T extends readonly (infer U)[]
  ? Deep<U>[]
  : T extends object
    ? { -readonly [K in keyof T]: Deep<T[K]> }
    : T

/** An evening that may be altered. */
type Altered = Deep<Evening>
type Place = Altered['stations'][number]

/** The first station of which this is so. */
const where = <T>({ stations }: Altered, find: (station: Place) => T | undefined): { at: Place; found: T } => {
  for (const at of stations) {
    const found = find(at)
    if (found !== undefined) return { at, found }
  }
  throw new Error('the evening has nothing to alter')
}

const cardThat = (evening: Altered, ...states: string[]) =>
  where(evening, ({ cards }) => cards.find(({ state }) => states.includes(state)))

const said = ({ says }: Place, job: string) => says.jobs.find(each => each.job === job)!

/** Each plants one thing that must not be, and names the invariant that has to see it. */
const PLANTS: readonly (readonly [string, string, (evening: Altered) => void])[] = [
  [
    'books-balance',
    'a blank that came from nowhere',
    evening => {
      where(evening, ({ says }) => says.lots[0]).found.accounts.available! += 1
    },
  ],
  [
    'books-true',
    'a blank that is spoiled in the books and was not',
    evening => {
      const { accounts } = where(evening, ({ says }) => says.lots.find(({ accounts }) => accounts.available)).found
      accounts.available! -= 1
      accounts.spoiled = (accounts.spoiled ?? 0) + 1
    },
  ],
  [
    'shelves-true',
    'a blank that is gone, and nobody has missed it: what a wrong answer about a tray leaves',
    evening => {
      where(evening, ({ lots }) => lots.find(({ onShelf }) => onShelf > 0)).found.onShelf -= 1
    },
  ],
  [
    'nothing-between',
    'a loan that was sent, and arrives nowhere',
    evening => {
      const { accounts } = where(evening, ({ says }) => says.lots.find(({ accounts }) => accounts.available)).found
      accounts.available! -= 1
      accounts.sent = (accounts.sent ?? 0) + 1
    },
  ],
  [
    'quotas-kept',
    'a lot that was for nobody',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      at.lots.find(({ lot }) => lot === found.lot)!.rules = { quota: { [found.purpose]: 0 } }
    },
  ],
  [
    'quotas-kept',
    'a lot that was used after its day',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      at.lots.find(({ lot }) => lot === found.lot)!.rules = { until: found.on }
    },
  ],
  [
    'consumables-true',
    'a ribbon that made a card more than was counted',
    evening => {
      where(evening, ({ consumables }) => consumables[0]).found.cards += 1
    },
  ],
  [
    'discrepancies-true',
    'a count that differed, of which nobody says so',
    evening => {
      evening.stations[0].expected['count-differs'] += 1
    },
  ],
  [
    'discrepancies-true',
    'a box that is said to differ and does not',
    evening => void evening.stations[1].differing.push('note'),
  ],
  [
    'hub-agrees',
    'a card that the hub has in another state',
    evening => {
      where(evening, ({ hubSays }) => hubSays?.jobs[0]).found.state = 'reserved'
    },
  ],
  [
    'trays-true',
    'a card that is printed in the books, and not in the tray: a printer that lied',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      at.tray = at.tray.filter(({ job }) => job !== found.job)
    },
  ],
  [
    'trays-true',
    'a card of which no book knows',
    evening => {
      const { at, found } = where(evening, ({ tray }) => tray[0])
      at.tray.push({ ...found, job: 'nobody' })
    },
  ],
  [
    'cards-known',
    'a card that was handed over, and is printed still',
    evening => {
      const { at, found } = cardThat(evening, 'handed-over')
      said(at, found.job).state = 'printed'
    },
  ],
  [
    'one-card-a-person',
    'a person with two cards',
    evening => {
      const { at, found } = where(evening, ({ tray }) => tray.find(line => line.found === 'printed'))
      at.tray.push({ ...found, job: 'again', serial: 'ZZ000001' })
    },
  ],
  [
    'one-card-a-request',
    'two cards for what was asked for once',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      const line = at.tray.find(({ job }) => job === found.job)!
      at.tray.push({ ...line, job: 'again' })
      at.cards.push({ ...found, job: 'again' })
    },
  ],
  [
    'one-person-a-blank',
    'a blank that went through two printers',
    evening => {
      const { found } = where(evening, ({ tray }) => tray.find(({ serial }) => serial !== undefined))
      evening.stations[0].tray.push({ ...found, job: 'again', record: 'another' })
    },
  ],
  [
    'cleared-before',
    'a card for somebody who was cleared a day later',
    evening => {
      const { found } = cardThat(evening, 'printed', 'handed-over')
      evening.persons.find(({ person }) => person === found.person)!.clearedOn = found.day + 1
    },
  ],
  [
    'answered-by-persons',
    'an uncertain card that was taken for printed, unasked',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      found.state = 'open'
      delete found.answer
      said(at, found.job).state = 'printed'
    },
  ],
  [
    'answered-by-persons',
    'a wrong answer',
    evening => {
      const { found } = where(evening, ({ cards }) => cards.find(({ answer }) => answer !== undefined))
      found.answer = found.answer === 'printed' ? 'untouched' : 'printed'
    },
  ],
  [
    'never-printed-twice',
    'a card that came out twice',
    evening => {
      const { at, found } = where(evening, ({ tray }) => tray[0])
      at.tray.push(found)
    },
  ],
  [
    'never-printed-twice',
    'a card beside one for which nobody has looked yet',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      at.cards.push({ ...found, job: 'before', state: 'open' })
    },
  ],
  [
    'daily-quotas',
    'a day of too many cards',
    evening => {
      const { at, found } = cardThat(evening, 'printed', 'handed-over')
      for (let i = 0; i < 9; i++) at.cards.push({ ...found, job: `more-${i}`, day: evening.day })
    },
  ],
  [
    'no-letter-with-stock',
    'a letter that was issued while a blank lay there',
    evening => {
      evening.letters[0].blankLay = 'lot-1'
    },
  ],
  [
    'no-letter-beside-card',
    'a letter that stays valid when the card is there',
    evening => {
      const { found } = where(evening, ({ says }) => says.letters[0])
      const { at, found: card } = cardThat(evening, 'printed', 'handed-over')
      const { record } = evening.persons.find(({ person }) => person === card.person)!
      at.says.letters.push({ ...found, record, state: 'valid' })
    },
  ],
  [
    'nobody-hangs',
    'a request that waits for what will never be',
    evening => {
      const { found } = where(evening, ({ plan }) => plan.find(({ code }) => code === 'prints' || code === 'no-blank'))
      found.code = 'has-card'
    },
  ],
  [
    'nobody-hangs',
    'a request that is in no plan',
    evening => {
      for (const station of evening.stations) station.plan = []
    },
  ],
  [
    'nobody-hangs',
    'a person who lost a card, and was refused another to the last',
    evening => {
      evening.persons[0].isRefused = true
    },
  ],
  ['verified', 'a file in which something is wrong', evening => void evening.stations[1].damage?.push('entry 3')],
  ['nothing-personal', 'a name in a file', evening => void evening.leaks.push('hub.sqlite: a name')],
  [
    'nothing-unforeseen',
    'an error that must not be',
    evening => void evening.failures.push('hub: decide: undocumented'),
  ],
]

describe('a shortage with real stations', () => {
  let report: ShortageReport
  let last: Evening
  const folder = temporaryFolder()
  beforeAll(async () => {
    report = await run(SIZE, folder, evening => {
      last = evening
    })
  })

  it('keeps everything that must hold, on every evening, and says what it looked at', () => {
    expect(report.invariants.filter(({ holds }) => !holds)).toEqual([])
    expect(report).toMatchObject({ ...SIZE, holds: true })
    expect(report.timeline).toHaveLength(SIZE.days)
    const { printed, lettersIssued, answers, cuts, spoiled } = report.counts
    for (const count of [printed, lettersIssued, answers, cuts, spoiled]) expect(count).toBeGreaterThan(0)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(PLANTS)('by %s sees %s', (name, _, plant) => {
    const evening = structuredClone(last) as Altered
    expect(brokenIn(evening as Evening)).toEqual([])
    plant(evening)
    expect(brokenIn(evening as Evening)).toContain(name)
  })

  it('has every invariant seen to fail', () => {
    expect([...new Set(PLANTS.map(([name]) => name))].sort()).toEqual(
      SHORTAGE_INVARIANTS.map(({ name }) => name).sort(),
    )
  })

  it('counts once what is wrong on one evening after the other', () => {
    const evening = structuredClone(last) as Altered
    evening.failures.push('hub: decide: undocumented')
    const tally = new InvariantTally()
    for (const day of [4, 5]) tally.look({ ...evening, day } as Evening)
    const { violations, first } = tally.results().find(({ name }) => name === 'nothing-unforeseen')!
    expect([violations, first]).toEqual([1, ['day 5: hub: decide: undocumented']])
  })

  it('is the same again for the same seed', async () => {
    const size = { days: 4, offices: 1, seed: 5 }
    const [one, other] = [await run(size, folder), await run(size, folder)]
    const { timeline, counts, waitingDays, refused, discrepancies } = one
    expect(other).toMatchObject({ timeline, counts, waitingDays, refused, discrepancies })
  })
})
