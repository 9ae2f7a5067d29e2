/** Invariants of blanks, ribbons and films. */
import { ACCOUNTS, type Account, SOURCES } from '../../station/stock/types.js'
import type { Accounts, CardFact, Evening, LotFact, Said } from './evening.js'
import type { ShortageInvariant } from './invariant.js'

const saidLots = ({ stations }: Evening) =>
  stations.flatMap(({ station, says }) => says.lots.map(lot => ({ station, ...lot })))

const booksBalance: ShortageInvariant = {
  name: 'books-balance',
  says: 'of each lot at each station the accounts add up to nothing, and no account is on the wrong side of it',
  look: evening => {
    const lots = saidLots(evening)
    const wrong = lots.flatMap(({ station, lot, accounts }) => {
      const all = Object.entries(accounts) as [Account, number][]
      const sum = all.reduce((total, [, quantity]) => total + quantity, 0)
      const below = all.filter(([account, quantity]) => (SOURCES.includes(account) ? quantity > 0 : quantity < 0))
      return [
        ...(sum === 0 ? [] : [`${station} ${lot}: ${sum} too many`]),
        ...below.map(([account, quantity]) => `${station} ${lot}: ${account} is ${quantity}`),
      ]
    })
    return { looked: lots.length, wrong }
  },
}

const booksTrue: ShortageInvariant = {
  name: 'books-true',
  says: 'each account of the books is what the people of the station have counted for themselves, to the piece',
  look: ({ stations }) => {
    let looked = 0
    const wrong = stations.flatMap(({ station, says, lots }) => {
      const said = new Map(says.lots.map(({ lot, accounts }) => [lot, accounts]))
      const unknown = says.lots.filter(({ lot }) => !lots.some(known => known.lot === lot))
      const differing = lots.flatMap(({ lot, accounts }) =>
        ACCOUNTS.flatMap(account => {
          looked++
          const booked = bookedOf(said.get(lot), account)
          const known = accounts[account] ?? 0
          return booked === known ? [] : [`${station} ${lot}: ${booked} ${account} in the books, ${known} known`]
        }),
      )
      return [...unknown.map(({ lot }) => `${station} ${lot}: nobody knows of it`), ...differing]
    })
    return { looked, wrong }
  },
}

function bookedOf(accounts: Accounts | undefined, account: Account): number {
  const quantity = accounts?.[account] ?? 0
  return SOURCES.includes(account) ? 0 - quantity : quantity
}

const shelvesTrue: ShortageInvariant = {
  name: 'shelves-true',
  says: 'what is available or set aside lies on the shelf, but for blanks of cards that nobody has looked for yet and pieces that nobody has missed yet',
  look: ({ stations }) => {
    const lots = stations.flatMap(each => each.lots.map(lot => ({ ...each, lot })))
    const wrong = lots.flatMap(({ station, says, cards, lot }) => {
      const accounts = says.lots.find(said => said.lot === lot.lot)?.accounts
      const inBooks = bookedOf(accounts, 'available') + bookedOf(accounts, 'reserved')
      // A card whose blank was not found took none off the shelf. That blank counts as vanished.
      const out = cards.filter(
        ({ state, lot: of, blank }) => state === 'open' && of === lot.lot && blank !== undefined,
      ).length
      const there = lot.onShelf + lot.vanished + out
      return inBooks === there ? [] : [`${station} ${lot.lot}: ${inBooks} in the books, ${there} there`]
    })
    return { looked: lots.length, wrong }
  },
}

const nothingBetween: ShortageInvariant = {
  name: 'nothing-between',
  says: 'over all stations, what the ministry sent is in some account of some station, on the way, or was lost on it',
  look: evening => {
    const ends: readonly Account[] = ACCOUNTS.filter(account => !SOURCES.includes(account) && account !== 'sent')
    const there = new Map<string, number>()
    for (const { lot, accounts } of saidLots(evening)) {
      const held = ends.reduce((sum, account) => sum + bookedOf(accounts, account), 0)
      there.set(lot, (there.get(lot) ?? 0) + held - bookedOf(accounts, 'found'))
    }
    const { delivered, onTheWay, lost } = evening
    const wrong = Object.entries(delivered).flatMap(([lot, sent]) => {
      const found = (there.get(lot) ?? 0) + (onTheWay[lot] ?? 0) + (lost[lot] ?? 0)
      return found === sent ? [] : [`${lot}: ${sent} were sent, ${found} can be found`]
    })
    return { looked: Object.keys(delivered).length, wrong }
  },
}

const quotasKept: ShortageInvariant = {
  name: 'quotas-kept',
  says: 'of each lot no more cards of a purpose were made than its rules allow, and none after its last day',
  look: ({ stations }) => {
    let looked = 0
    const wrong = stations.flatMap(({ station, lots, cards }) =>
      lots.flatMap(known => {
        const { lot, rules } = known
        if (rules === undefined) return []
        looked++
        const made = cards.filter(card => card.lot === lot && card.state !== 'spoiled' && card.state !== 'untouched')
        const over = Object.entries(rules.quota ?? {}).flatMap(([purpose, most]) => {
          const count = made.filter(card => card.purpose === purpose).length
          return count > (most ?? count) ? [`${station} ${lot}: ${count} ${purpose} cards, ${most} are allowed`] : []
        })
        return [...over, ...lateCards(station, known, cards)]
      }),
    )
    return { looked, wrong }
  },
}

function lateCards(station: string, { lot, rules }: LotFact, cards: readonly CardFact[]): string[] {
  const until = rules?.until
  if (until === undefined) return []
  return cards.filter(card => card.lot === lot && card.on >= until).map(() => `${station} ${lot}: after its last day`)
}

const consumablesTrue: ShortageInvariant = {
  name: 'consumables-true',
  says: 'of each ribbon and film in a printer the books know how many cards it has made',
  look: ({ stations }) => {
    const wrong = stations.flatMap(({ station, consumables, pieces }) => {
      const text = (all: readonly { readonly lot: string; readonly cards: number }[]) =>
        all
          .map(({ lot, cards }) => `${lot} ${cards}`)
          .sort()
          .join(', ')
      return text(consumables) === text(pieces)
        ? []
        : [`${station}: ${text(consumables)} in the books, ${text(pieces)}`]
    })
    return { looked: stations.reduce((sum, { pieces }) => sum + pieces.length, 0), wrong }
  },
}

const discrepanciesTrue: ShortageInvariant = {
  name: 'discrepancies-true',
  says: 'counts that differ, printers that lie, boxes that lack something and ribbons that are short are on record, and nothing else is',
  look: ({ stations, isSettled }) => {
    const wrong = stations.flatMap(({ station, discrepancies, differing, expected, expectedDiffering }) => {
      const { 'shipment-differs': _, ...others } = discrepancies
      const codes = [...new Set([...Object.keys(others), ...Object.keys(expected)])].sort()
      const invented = differing.filter(shipment => !expectedDiffering.includes(shipment))
      // One of which the note has still to come is not known.
      const missed = expectedDiffering.filter(shipment => isSettled && !differing.includes(shipment))
      return [
        ...codes
          .filter(code => (others[code] ?? 0) !== (expected[code] ?? 0))
          .map(code => `${station}: ${others[code] ?? 0} ${code} on record, ${expected[code] ?? 0} happened`),
        ...invented.map(shipment => `${station}: ${shipment} differs from its note, it is said`),
        ...missed.map(shipment => `${station}: nobody says that ${shipment} differs from its note`),
      ]
    })
    const sums = stations.flatMap(({ expected, expectedDiffering }) => [
      ...Object.values(expected),
      expectedDiffering.length,
    ])
    return { looked: sums.reduce((sum, count) => sum + count, 0), wrong }
  },
}

const hubAgrees: ShortageInvariant = {
  name: 'hub-agrees',
  says: "once an office has told it everything, the hub's view of its books, cards, requests and letters is the office's own",
  look: ({ stations }) => {
    let looked = 0
    const wrong = stations.flatMap(({ station, says, hubSays }) => {
      if (hubSays === undefined) return []
      const parts = ['lots', 'jobs', 'requests', 'letters'] as const
      return parts.flatMap(part => {
        const [own, other] = [says, hubSays].map(said => new Set(textsOf(said, part)))
        looked += own.size
        const only = [...own].filter(text => !other.has(text))
        const more = [...other].filter(text => !own.has(text))
        if (only.length + more.length === 0) return []
        return [`${station}: ${part}: ${only[0] ?? 'nothing'} at the office, ${more[0] ?? 'nothing'} at the hub`]
      })
    })
    return { looked, wrong }
  },
}

/** An office that prints says `uncertain` of what the hub knows as sent. */
function textsOf(said: Said, part: keyof Said): string[] {
  return said[part].map(each => JSON.stringify(each).replace('"state":"sent"', '"state":"uncertain"'))
}

export const STOCK_INVARIANTS: readonly ShortageInvariant[] = [
  booksBalance,
  booksTrue,
  shelvesTrue,
  nothingBetween,
  quotasKept,
  consumablesTrue,
  discrepanciesTrue,
  hubAgrees,
]
