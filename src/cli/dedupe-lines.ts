import type { DedupeReport } from '../dedupe/report.js'
import { counted, formatCount, formatScore, formatTable } from './text.js'

/** Pairs that are shown; the report has all. */
const MOST_SHOWN = 20

/** What of a gallery is there twice, in lines for people. */
export function dedupeLines(report: DedupeReport): string[] {
  const { size, comparisons, minScore, expectedFalsePairs, pairs, groups, personPairs, truncated } = report
  const lines = [
    `${counted(size, 'print')}, ${counted(comparisons, 'pair')} judged at a score of ${Number(minScore.toFixed(2))}: ` +
      `${Number(expectedFalsePairs.toPrecision(2))} of different fingers expected by chance`,
  ]
  if (pairs.length === 0) lines.push('nothing is there twice')
  else lines.push(`${counted(pairs.length, 'pair')} in ${counted(groups.length, 'group')}`, pairTable(report))
  if (pairs.length > MOST_SHOWN) lines.push(`and ${formatCount(pairs.length - MOST_SHOWN)} more`)
  const within = pairs.filter(({ samePerson }) => samePerson).length
  if (within > 0) lines.push(`${counted(within, 'pair')} within one person: a finger captured twice`)
  if (personPairs.length > 0) {
    lines.push(`${counted(personPairs.length, 'pair')} of persons with a finger in common`, personTable(report))
    if (personPairs.length > MOST_SHOWN) lines.push(`and ${formatCount(personPairs.length - MOST_SHOWN)} more`)
  }
  if (truncated.length > 0) {
    lines.push(
      `${counted(truncated.length, 'print')} with so many duplicates that some may not be listed: see truncated`,
    )
  }
  return lines
}

function pairTable({ pairs }: DedupeReport): string {
  const rows = pairs.slice(0, MOST_SHOWN).map(({ a, b, score, codes }) => [formatScore(score), codes, a, b])
  return formatTable([['score', 'codes', 'a', 'b'], ...rows], [0])
}

function personTable({ personPairs }: DedupeReport): string {
  const rows = personPairs.slice(0, MOST_SHOWN).map(({ a, b, score, fingerPairs }) => {
    return [formatScore(score), fingerPairs, a, b]
  })
  return formatTable([['score', 'fingers', 'a', 'b'], ...rows], [0, 1])
}
