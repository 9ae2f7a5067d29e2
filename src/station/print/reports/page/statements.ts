/** What the page says in sentences: whether the books add up, and what is not known or does not agree. */
import type { PrintReport } from '../types.js'
import { dateText, filled, numberText, type Texts } from './texts.js'

/** Lots that are named. */
const MOST_NAMED = 5

export function statements(report: PrintReport, texts: Texts): string[] {
  return [books(report, texts), uncertain(report, texts), noted(report, texts)]
}

function books({ reconciliation }: PrintReport, texts: Texts): string {
  const wrong = reconciliation.filter(({ balances }) => !balances)
  if (wrong.length === 0) return texts.allBalance
  const names = wrong.slice(0, MOST_NAMED).map(({ station, lot }) => `${station} ${lot}`)
  const more = wrong.length > MOST_NAMED ? ', …' : ''
  return filled(texts.someDoNot, wrong.length, reconciliation.length, names.join(', ') + more)
}

function uncertain({ uncertain: cards }: PrintReport, texts: Texts): string {
  if (cards.length === 0) return texts.noUncertain
  const oldest = cards.map(({ since }) => since).sort()[0]
  return filled(texts.uncertain, numberText(texts, cards.length), dateText(texts, oldest.slice(0, 10)))
}

function noted({ discrepancies }: PrintReport, texts: Texts): string {
  if (discrepancies.length === 0) return texts.noDiscrepancies
  const counts = new Map<string, number>()
  for (const { code } of discrepancies) counts.set(code, (counts.get(code) ?? 0) + 1)
  const listed = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, count]) => `${code.replaceAll('-', ' ')} ${count}`)
  return filled(texts.discrepancies, listed.join(', '))
}
