/**
 * The sequence check of enrolments: figures of docs/sequence-check.md.
 *
 *   node bench/sequence.js [--enrolments N] [--fingers N] [--seed N] [--cache DIR] [--everything] [--verbose]
 *       N clean enrolments and N with a mistake, of synthetic fingers: a rolled and a plain print of each, extracted from images once
 *       (20 minutes by two threads for 500 fingers) and kept in the cache (out/sequence). Prints that a station would not accept are
 *       captured once more, or left out; with --everything all are taken as they come.
 */
import { parseArgs } from 'node:util'
import { checkSequence } from '../dist/capture/index.js'
import { createEngine } from '../dist/index.js'
import { describeMachine } from './support/machine.js'
import { ACCEPTED, drawPersons, enrol, PLANTS } from './support/sequence-enrolments.js'
import { sequencePrints } from './support/sequence-prints.js'
import { formatTable, whole } from './support/table.js'

const { values } = parseArgs({
  options: {
    enrolments: { type: 'string', default: '200' },
    fingers: { type: 'string', default: '500' },
    seed: { type: 'string', default: '7001' },
    cache: { type: 'string', default: 'out/sequence' },
    everything: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
console.log(JSON.stringify(describeMachine()))
const seed = Number(values.seed)
const fingers = await sequencePrints({ fingers: Number(values.fingers), seed, cache: values.cache })
const persons = drawPersons(fingers, Number(values.enrolments), seed)
const accepted = values.everything ? undefined : ACCEPTED
const engine = await createEngine({ threads: 1 })
const timesMs = []
reportClean()
reportPlanted()
reportTimes()
await engine.close()

/** Timed by the processor's time: other work on the machine does not count. */
function check(prints) {
  const before = process.cpuUsage()
  const report = checkSequence(engine, prints)
  const { user, system } = process.cpuUsage(before)
  if (prints.length === 20) timesMs.push((user + system) / 1000)
  return report
}

function reportClean() {
  const rows = [undefined, ['rolled']].map(only => {
    const reports = persons.map(person => {
      const prints = enrol(person, accepted, undefined, only)
      return { prints, ...check(prints) }
    })
    const count = reason => reports.filter(({ unchecked }) => unchecked.some(each => each.reason === reason)).length
    const wrong = reports.filter(({ findings }) => findings.length > 0)
    if (values.verbose) for (const { findings, prints } of wrong) show('clean', findings, prints)
    return [
      only === undefined ? 'rolled and slaps' : 'ten rolled alone',
      persons.length,
      whole(reports.reduce((sum, { prints }) => sum + prints.length, 0)),
      wrong.length,
      ...['not-confirmed', 'too-few-minutiae', 'alike', 'no-second-print'].map(count),
    ]
  })
  console.log('\nclean enrolments: those with a finding, and those with prints that could not be checked, by reason')
  console.log(
    formatTable(
      ['enrolments', 'of', 'prints', 'finding', 'not confirmed', 'too few minutiae', 'alike', 'no second print'],
      rows,
    ),
  )
}

function reportPlanted() {
  const kinds = Object.entries(PLANTS)
  const tallies = kinds.map(() => ({ planted: 0, found: 0, exact: 0, otherwise: 0, listed: 0, silent: 0, beside: 0 }))
  let planted = 0
  for (let k = 0; planted < persons.length; k++) {
    const person = persons[k % persons.length]
    const kind = (k + Math.floor(k / persons.length)) % kinds.length
    const [name, plant] = kinds[kind]
    const { takes, only, code, wanted, allowed = () => false } = plant(2 + (Math.floor(k / kinds.length) % 3))
    const prints = enrol(person, accepted, takes(person), only)
    const wrong = prints.flatMap((print, i) => (wanted(print) ? [i] : []))
    // The mistake is in the enrolment only if all prints that it is about were accepted.
    if (wrong.length < wantedCount(wanted)) continue
    planted++
    const tally = tallies[kind]
    tally.planted++
    const { findings, unchecked } = check(prints)
    const about = findings.filter(finding => finding.prints.some(i => wrong.includes(i)))
    const right = about.find(
      finding =>
        finding.code === code &&
        wrong.every(i => finding.prints.includes(i)) &&
        finding.prints.every(i => wanted(prints[i]) || allowed(prints[i])),
    )
    if (right !== undefined) tally.found++
    if (right?.prints.length === wrong.length) tally.exact++
    if (right === undefined && about.length > 0) tally.otherwise++
    const told = unchecked.some(each => each.reason !== 'no-second-print' && each.prints.some(i => wrong.includes(i)))
    if (about.length === 0 && told) tally.listed++
    if (about.length === 0 && !told) tally.silent++
    tally.beside += findings.length - (right === undefined ? about.length : 1)
    if (values.verbose && (right === undefined || findings.length > 1)) show(name, findings, prints, unchecked)
  }
  const total = Object.fromEntries(
    Object.keys(tallies[0]).map(key => [key, tallies.reduce((sum, tally) => sum + tally[key], 0)]),
  )
  const row = (name, { planted, found, exact, otherwise, listed, silent, beside }) => [
    name,
    planted,
    found,
    exact,
    otherwise,
    listed,
    silent,
    beside,
  ]
  console.log(
    '\nmistakes: found (right code and prints), naming no other print; reported otherwise; listed as unchecked; silent',
  )
  console.log(
    formatTable(
      ['mistake', 'planted', 'found', 'exactly', 'otherwise', 'unchecked', 'silent', 'false findings'],
      [...kinds.map(([name], i) => row(name, tallies[i])), row('all', total)],
    ),
  )
}

function wantedCount(wanted) {
  const all = ['rolled', 'plain'].flatMap(impression =>
    Array.from({ length: 10 }, (_, i) => ({ impression, position: i + 1 })),
  )
  return all.filter(wanted).length
}

function reportTimes() {
  timesMs.sort((a, b) => a - b)
  const quantile = share => timesMs[Math.floor(share * (timesMs.length - 1))].toFixed(1)
  console.log(
    `\n${timesMs.length} checks of 20 prints, processor time: median ${quantile(0.5)} ms, 95 % below ${quantile(0.95)} ms, at most ${quantile(1)} ms`,
  )
}

function show(name, findings, prints, unchecked = []) {
  console.log(`\n${name}`)
  for (const { code, reason, prints: named, evidence, message } of [...findings, ...unchecked]) {
    const who = named.map(i => `${prints[i].impression[0]}${prints[i].position}`).join(' ')
    const scores = evidence
      .map(
        ({ prints: [i, j], score }) =>
          `${prints[i].impression[0]}${prints[i].position}-${prints[j].impression[0]}${prints[j].position} ${score.toFixed(0)}`,
      )
      .join(', ')
    console.log(`  ${code ?? reason}: ${who} | ${scores} | ${message}`)
  }
}
