/** Invariants of cards, letters and the people who get them. */
import type { CardFact, Evening, StationEvening } from './evening.js'
import { repeated, type ShortageInvariant } from './invariant.js'
import { DAILY_QUOTA } from './printing.js'

/** States of a job of which nobody but a person knows what became of it. */
const UNCERTAIN: readonly string[] = ['sent', 'uncertain']

const all = <T>({ stations }: Evening, of: (station: StationEvening) => readonly T[]) =>
  stations.flatMap(each => of(each).map(what => ({ ...each, what })))

const traysTrue: ShortageInvariant = {
  name: 'trays-true',
  says: 'the cards in the trays are those that the books call printed, or spoiled in the printer or afterwards, and there are no others',
  look: evening => {
    const jobs = all(evening, ({ says }) => says.jobs)
    const wrong = evening.stations.flatMap(({ station, says, tray }) => {
      const out = new Map(tray.map(line => [line.job, line]))
      const differing = says.jobs.flatMap(({ job, state, lot, serial }) => {
        const line = out.get(job)
        out.delete(job)
        const fits = UNCERTAIN.includes(state) || FITS[state]?.includes(line?.found ?? 'nothing')
        const isBlank = line === undefined || (line.lot === lot && line.serial === serial)
        if (fits && isBlank) return []
        return [`${station} ${job}: ${state} on ${lot} in the books, ${line?.found ?? 'nothing'} in the tray`]
      })
      return [...differing, ...[...out.keys()].map(job => `${station} ${job}: in the tray, and in no book`)]
    })
    return { looked: jobs.length, wrong }
  },
}

const FITS: Readonly<Record<string, readonly string[]>> = {
  reserved: ['nothing'],
  released: ['nothing'],
  printed: ['printed'],
  'handed-over': ['printed'],
  spoiled: ['printed', 'spoiled'],
}

const cardsKnown: ShortageInvariant = {
  name: 'cards-known',
  says: 'of each card the books say what the people know who saw it, and of no other',
  look: evening => {
    const cards = all(evening, each => each.cards)
    const wrong = evening.stations.flatMap(({ station, says, cards: known }) => {
      const states = new Map(says.jobs.map(({ job, state }) => [job, state as string]))
      // Set aside when the power went: nobody saw it.
      const unseen = says.jobs.filter(({ job, state }) => state !== 'released' && !known.some(card => card.job === job))
      const differing = known.filter(card => !fitsKnown(card, states.get(card.job)))
      return [
        ...unseen.map(({ job, state }) => `${station} ${job}: ${state} in the books, and nobody saw it`),
        ...differing.map(({ job, state }) => `${station} ${job}: ${states.get(job)} in the books, ${state} known`),
      ]
    })
    return { looked: cards.length, wrong }
  },
}

function fitsKnown({ state }: CardFact, said: string | undefined): boolean {
  if (state === 'open') return said !== undefined && UNCERTAIN.includes(said)
  return said === (state === 'untouched' ? 'released' : state)
}

/** Cards that came out whole and were not thrown away, with who they are for. */
function goodCards(evening: Evening) {
  const destroyed = new Set(all(evening, each => each.cards).flatMap(({ what }) => (what.destroyed ? [what.job] : [])))
  return all(evening, ({ tray }) => tray)
    .filter(({ what }) => what.found === 'printed' && !destroyed.has(what.job))
    .map(({ what, station }) => ({ ...what, station }))
}

const oneCard: ShortageInvariant = {
  name: 'one-card-a-person',
  says: 'nobody has two cards but who asked for another one because the first was lost, and then one for each time',
  look: evening => {
    const ofRecord = new Map<string, number>()
    for (const { record } of goodCards(evening)) ofRecord.set(record, (ofRecord.get(record) ?? 0) + 1)
    const wrong = evening.persons.flatMap(({ record, requests }) => {
      const granted = 1 + requests.filter(({ purpose }) => purpose === 'replacement').length
      const cards = ofRecord.get(record) ?? 0
      return cards > granted ? [`${record}: ${cards} cards, ${granted} at most`] : []
    })
    const known = new Set(evening.persons.map(({ record }) => record))
    const nobody = [...ofRecord.keys()].filter(record => !known.has(record))
    return { looked: ofRecord.size, wrong: [...wrong, ...nobody.map(record => `${record}: a card for nobody`)] }
  },
}

const oneCardARequest: ShortageInvariant = {
  name: 'one-card-a-request',
  says: 'of what was asked for once, one card came out that was not thrown away',
  look: evening => {
    const requestOf = new Map(all(evening, each => each.cards).map(({ what }) => [what.job, what.request]))
    const good = goodCards(evening).map(({ job }) => requestOf.get(job) ?? job)
    return { looked: good.length, wrong: repeated(good).map(request => `${request}: two cards`) }
  },
}

const oneBlank: ShortageInvariant = {
  name: 'one-person-a-blank',
  says: 'no blank came out of a printer twice, at whichever station',
  look: evening => {
    const blanks = all(evening, ({ tray }) => tray).flatMap(({ what }) =>
      what.serial === undefined ? [] : [what.serial],
    )
    return { looked: blanks.length, wrong: repeated(blanks).map(serial => `${serial}: twice in the trays`) }
  },
}

const cleared: ShortageInvariant = {
  name: 'cleared-before',
  says: 'no card came out for somebody whom the centre had not cleared by that day',
  look: evening => {
    const clearedOn = new Map(evening.persons.map(({ person, clearedOn }) => [person, clearedOn]))
    const out = new Set(all(evening, ({ tray }) => tray).map(({ what }) => what.job))
    const cards = all(evening, each => each.cards).filter(({ what }) => out.has(what.job))
    const early = cards.filter(({ what }) => !((clearedOn.get(what.person) ?? Number.POSITIVE_INFINITY) <= what.day))
    return { looked: cards.length, wrong: early.map(({ what, station }) => `${station} ${what.job}: not cleared`) }
  },
}

const answered: ShortageInvariant = {
  name: 'answered-by-persons',
  says: 'what became of a card that was uncertain is what somebody said who looked at the tray, and until then nothing is said',
  look: evening => {
    const cards = all(evening, each => each.cards)
    const asked = cards.filter(({ what }) => what.answer !== undefined || what.state === 'open')
    const wrong = asked.flatMap(({ what, station, says, tray }) => {
      const said = says.jobs.find(({ job }) => job === what.job)?.state ?? 'nothing'
      if (what.answer === undefined) return UNCERTAIN.includes(said) ? [] : [`${station} ${what.job}: ${said}, unasked`]
      const found = tray.find(({ job }) => job === what.job)?.found ?? 'untouched'
      return found === what.answer ? [] : [`${station} ${what.job}: ${found} in the tray, ${what.answer} was said`]
    })
    const open = evening.isSettled ? asked.filter(({ what }) => what.answer === undefined) : []
    return { looked: asked.length, wrong: [...wrong, ...open.map(({ what }) => `${what.job}: still open at the end`)] }
  },
}

const neverTwice: ShortageInvariant = {
  name: 'never-printed-twice',
  says: 'no card came out twice, and none while nobody had looked for one before it of the same request',
  look: evening => {
    const trays = all(evening, ({ tray }) => tray)
    const twice = repeated(trays.map(({ what }) => what.job)).map(job => `${job}: twice in the tray`)
    const cards = all(evening, each => each.cards)
    const open = new Map(cards.flatMap(({ what }) => (what.state === 'open' ? [[what.request, what.job]] : [])))
    const again = cards.filter(({ what }) => open.has(what.request) && open.get(what.request) !== what.job)
    const later = again.filter(({ what }) => what.state !== 'untouched' && what.state !== 'spoiled')
    return { looked: cards.length, wrong: [...twice, ...later.map(({ what }) => `${what.job}: beside an open one`)] }
  },
}

const dailyQuotas: ShortageInvariant = {
  name: 'daily-quotas',
  says: 'no station made more cards of a purpose in a day than its policy says',
  look: evening => {
    const { day, stations } = evening
    const wrong = stations.flatMap(({ station, cards }) =>
      Object.entries(DAILY_QUOTA).flatMap(([purpose, most]) => {
        const made = cards.filter(
          card =>
            card.day === day && card.purpose === purpose && card.state !== 'untouched' && card.state !== 'spoiled',
        )
        return made.length > most ? [`${station}: ${made.length} ${purpose} cards on day ${day + 1}`] : []
      }),
    )
    return { looked: all(evening, each => each.cards).filter(({ what }) => what.day === day).length, wrong }
  },
}

const noLetterWithStock: ShortageInvariant = {
  name: 'no-letter-with-stock',
  says: 'no letter was issued while a blank lay there that the rules would give to a new card',
  look: ({ letters }) => {
    const wrong = letters.filter(({ blankLay }) => blankLay !== undefined)
    return {
      looked: letters.length,
      wrong: wrong.map(each => `${each.office} ${each.letter}: ${each.blankLay} lay there`),
    }
  },
}

const noLetterBesideCard: ShortageInvariant = {
  name: 'no-letter-beside-card',
  says:
    'no letter is valid beside a card that its station knows of; ' +
    'once all know everything, beside no card at all but one that was lost',
  look: evening => {
    const requestOf = new Map(all(evening, each => each.cards).map(({ what }) => [what.job, what.request]))
    const open = new Set(
      all(evening, each => each.cards).flatMap(({ what }) => (what.state === 'open' ? [what.job] : [])),
    )
    // Who has asked again has lost the card before: a letter stands in for the next one.
    const newest = new Map(evening.persons.map(({ record, requests }) => [record, requests.at(-1)?.request]))
    const held = goodCards(evening).filter(({ job, record }) => requestOf.get(job) === newest.get(record))
    const everywhere = new Set(held.map(({ record }) => record))
    const here = new Set(held.filter(({ job }) => !open.has(job)).map(({ record, station }) => `${station} ${record}`))
    const letters = all(evening, ({ says, hubSays }) => [...says.letters, ...(hubSays?.letters ?? [])])
    const wrong = letters.flatMap(({ what, station }) => {
      const has = evening.isSettled ? everywhere.has(what.record) : here.has(`${station} ${what.record}`)
      return what.state === 'valid' && has ? [`${station} ${what.letter}: valid, and there is a card`] : []
    })
    return { looked: letters.length, wrong }
  },
}

/** Why a request waits that will be printed one day. */
const PASSING: readonly string[] = ['prints', 'no-blank', 'no-lot-allows', 'no-consumable', 'quota']

const nobodyHangs: ShortageInvariant = {
  name: 'nobody-hangs',
  says:
    'once all know everything, whoever was cleared has the card or waits for a blank, a ribbon or a quota; ' +
    'whoever lost one could ask',
  look: evening => {
    if (!evening.isSettled) return { looked: 0, wrong: [] }
    const plan = new Map(
      all(evening, each => each.plan).map(({ what, station }) => [`${station} ${what.request}`, what.code]),
    )
    const cards = all(evening, each => each.cards).filter(({ what }) => HAVE.includes(what.state))
    const served = new Set(cards.map(({ what }) => what.request))
    const waiting = evening.persons
      .filter(({ clearedOn, isWithdrawn }) => clearedOn !== undefined && !isWithdrawn)
      .flatMap(({ requests }) => requests)
      .filter(({ request }) => !served.has(request))
    const wrong = waiting.flatMap(({ request, at }) => {
      const code = plan.get(`${at} ${request}`) ?? 'not in the plan'
      return PASSING.includes(code) ? [] : [`${at} ${request}: ${code}`]
    })
    const refused = evening.persons.filter(({ isRefused }) => isRefused)
    return {
      looked: waiting.length,
      wrong: [...wrong, ...refused.map(({ record }) => `${record}: refused to the last`)],
    }
  },
}

const HAVE: readonly string[] = ['printed', 'handed-over']

const verified: ShortageInvariant = {
  name: 'verified',
  says: "each station's own verification finds its whole file in order",
  look: ({ stations }) => {
    const asked = stations.filter(({ damage }) => damage !== undefined)
    return {
      looked: asked.length,
      wrong: asked.flatMap(({ station, damage = [] }) => damage.map(what => `${station}: ${what}`)),
    }
  },
}

const nothingPersonal: ShortageInvariant = {
  name: 'nothing-personal',
  says: "no name and no NIK lies in the clear in a station's file, a message, a printer's queue or an error",
  look: ({ searchedBytes, leaks }) => ({ looked: searchedBytes, wrong: leaks }),
}

const nothingUnforeseen: ShortageInvariant = {
  name: 'nothing-unforeseen',
  says: 'nothing was refused that must not be, nothing was taken that must not be, and no error had no code',
  look: ({ asked, failures }) => ({ looked: asked, wrong: failures }),
}

export const CARD_INVARIANTS: readonly ShortageInvariant[] = [
  traysTrue,
  cardsKnown,
  oneCard,
  oneCardARequest,
  oneBlank,
  cleared,
  answered,
  neverTwice,
  dailyQuotas,
  noLetterWithStock,
  noLetterBesideCard,
  nobodyHangs,
  verified,
  nothingPersonal,
  nothingUnforeseen,
]
