/**
 * Persons of up to ten fingers: figures of docs/persons.md.
 *
 *   node bench/persons.js --real DIR --rolled DIR [--cache DIR] [--draws N] [--seed N]
 *       virtual persons of real prints: DIR of sets of <finger>_<impression> files, and of rolled prints, ten a card. Scores of all
 *       pairs of prints are computed once (a quarter of an hour) and kept in the cache (out/persons).
 *   node bench/persons.js --persons N [--mates N] [--strangers N] [--seed N]
 *       synthetic templates: so many persons enrolled, so many searched for again with two fingers swapped and one missing, so many
 *       strangers; ten searches beside it for what they cost
 */
import { parseArgs } from 'node:util'
import { createEngine } from '../dist/index.js'
import { calibrationPrints } from './support/calibration-prints.js'
import { describeMachine } from './support/machine.js'
import { reportFused, reportMates, reportSums, strangerKinds } from './support/person-figures.js'
import { reportReal, reportSynthetic } from './support/person-searches.js'
import { scoreMatrix } from './support/score-matrix.js'
import { reportScreenLoss } from './support/screen-loss.js'
import { virtualPersons } from './support/virtual-persons.js'

const { values } = parseArgs({
  options: {
    real: { type: 'string' },
    rolled: { type: 'string' },
    cache: { type: 'string', default: 'out/persons' },
    draws: { type: 'string', default: '20000' },
    persons: { type: 'string' },
    mates: { type: 'string', default: '50' },
    strangers: { type: 'string', default: '200' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
})
const [draws, seed, threads] = [Number(values.draws), Number(values.seed), Number(values.threads)]
console.log(JSON.stringify(describeMachine()))
if (values.real && values.rolled) await realPrints()
if (values.persons) {
  const counts = { persons: Number(values.persons), mates: Number(values.mates), strangers: Number(values.strangers) }
  await withEngine(engine => reportSynthetic(engine, { ...counts, seed }))
}

async function realPrints() {
  const prints = await calibrationPrints({ real: values.real, rolled: values.rolled }, values)
  const score = await scoreMatrix(prints, { cache: values.cache, threads })
  const persons = virtualPersons(prints)
  const kinds = strangerKinds(persons, (i, j) => prints[i].finger === prints[j].finger)
  reportSums(kinds, score, { draws: 50 * draws, seed })
  reportFused(kinds, score, { draws, seed })
  reportMates(persons, score, { draws: 20, seed })
  await withEngine(engine => reportReal(engine, persons, prints, seed))
  await withEngine(engine => reportScreenLoss(engine, prints, seed))
}

async function withEngine(work) {
  const engine = await createEngine({ threads })
  try {
    await work(engine)
  } finally {
    await engine.close()
  }
}
