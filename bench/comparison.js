/** 1:1 on one thread: templates compared, minutiae described, templates decoded. */
import benny from 'benny'
import { Matcher } from '../dist/core/matcher.js'
import { decodeTemplate, encodeTemplate } from '../dist/formats/index.js'
import { createEngine } from '../dist/index.js'
import { loadCore } from '../dist/node/core-file.js'
import { figure, formatTable, whole } from './support/table.js'
import {
  contentsOf,
  fingerMinutiae,
  impressionOf,
  learnedContentsOf,
  randomSource,
  shaken,
  templateOf,
  withCodes,
} from './support/templates.js'

const FINGERS = 64

export async function benchComparison({ seconds = 5 } = {}) {
  const matcher = new Matcher(loadCore())
  const engine = await createEngine({ threads: 1 })
  const random = randomSource(1)
  const minutiae = Array.from({ length: FINGERS }, () => fingerMinutiae(random))
  const again = minutiae.map(each => impressionOf(each, random))
  const [a, b] = [minutiae, again].map(side => side.map(each => templateOf(each, matcher)))
  const contents = [minutiae, again].map(side => side.map(each => contentsOf(each, matcher)))
  const coded = minutiae.map(each => withCodes(each, random))
  const codedAgain = coded.map(each => shaken(impressionOf(each, random), random))
  const learned = [coded, codedAgain].map(side => side.map(each => encodeTemplate(learnedContentsOf(each))))
  let i = 0
  const next = () => i++ % FINGERS
  const other = k => (k * 7 + 1) % FINGERS
  const options = { maxTime: seconds }
  const cases = {
    'match by learned codes, mated': () => matchLearned(next(), k => k),
    'match by learned codes, non-mated': () => matchLearned(next(), other),
    'match, mated': () => matchAt(next(), k => k),
    'match, non-mated': () => matchAt(next(), other),
    'compare, non-mated (decoded before)': () => compareAt(next()),
    'describe a print': () => matcher.describe(contents[0][next()]),
    'decode a template': () => decodeTemplate(a[next()]),
  }
  function matchLearned(k, partner) {
    return engine.match(learned[0][k], learned[1][partner(k)]).score
  }
  function matchAt(k, partner) {
    return engine.match(a[k], b[partner(k)]).score
  }
  function compareAt(k) {
    return matcher.match(contents[0][k], contents[1][other(k)])
  }
  const tests = Object.entries(cases).map(([name, test]) => benny.add(name, () => void test(), options))
  const summary = await benny.suite('comparison', ...tests)
  await engine.close()
  return {
    suite: 'comparison',
    minutiaeMean: minutiae.reduce((sum, each) => sum + each.length, 0) / FINGERS,
    cases: summary.results.map(({ name, details, margin }) => ({
      name,
      microseconds: 1e6 * details.mean,
      medianMicroseconds: 1e6 * details.median,
      aSecond: 1 / details.mean,
      marginPercent: margin,
    })),
  }
}

export function formatComparison({ minutiaeMean, cases }) {
  const rows = cases.map(({ name, microseconds, aSecond, marginPercent }) => [
    name,
    figure(microseconds),
    whole(aSecond),
    `${figure(marginPercent)} %`,
  ])
  const title = `comparison of templates of ${figure(minutiaeMean)} minutiae, on one thread`
  return `${title}\n${formatTable(['', 'us', 'a second', 'margin'], rows)}`
}
