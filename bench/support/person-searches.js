/** Searches of persons as a program makes them: of real prints among cards, and of synthetic ones among very many. */
import { mirrored } from '../../dist/persons/hypotheses.js'
import { syntheticProbe, syntheticTemplate } from '../../dist/synthesize/index.js'
import { median } from './median.js'
import { figure, formatTable, whole } from './table.js'
import { newRandom, shuffled } from './virtual-persons.js'

const HEADER = [
  'searches',
  'of',
  'duplicate',
  'review',
  'clear',
  'right one first',
  'screened',
  'compared',
  'median ms',
]

/** Adds up what became of the searches of one kind. */
function tally(name) {
  const found = []
  return {
    add: (result, right) => found.push({ result, right: result.candidates[0]?.id === right }),
    row: () => {
      const count = decision => found.filter(({ result }) => result.decision === decision).length
      const mean = what => whole(found.reduce((sum, { result }) => sum + total(result, what), 0) / found.length)
      const right = found.filter(each => each.right).length
      const ms = median(found.map(({ result }) => result.elapsedMs))
      return [
        name,
        found.length,
        ...['duplicate', 'review', 'clear'].map(count),
        right,
        mean('screened'),
        mean('compared'),
        figure(ms),
      ]
    },
  }
}

const total = ({ steps }, what) => steps.reduce((sum, step) => sum + step[what], 0)

function swapTwo(fingers, random) {
  const [a, b] = shuffled([...fingers.keys()], random)
  return fingers.map((finger, i) =>
    i === a
      ? { ...finger, position: fingers[b].position }
      : i === b
        ? { ...finger, position: fingers[a].position }
        : finger,
  )
}

const missOne = (fingers, random) => {
  const gone = random.below(fingers.length)
  return fingers.map(({ position, template }, i) =>
    i === gone ? { position, missing: 'bandaged' } : { position, template },
  )
}

const CASES = {
  'ten fingers': fingers => fingers,
  'two swapped, one missing': (fingers, random) => missOne(swapTwo(fingers, random), random),
  'hands taken for each other': fingers =>
    fingers.map(({ position, template }) => ({ position: mirrored(position), template })),
  'ten of unknown position': fingers => fingers.map(({ template }) => ({ position: 0, template })),
  'four fingers': (fingers, random) => shuffled(fingers, random).slice(0, 4),
  'two fingers': (fingers, random) => shuffled(fingers, random).slice(0, 2),
  'one finger': (fingers, random) => shuffled(fingers, random).slice(0, 1),
  'four of unknown position': (fingers, random) =>
    shuffled(fingers, random)
      .slice(0, 4)
      .map(finger => ({ ...finger, position: 0 })),
}

/** Each set's first enrolment and all cards enrolled; the other enrolments are mates, each card taken out is a stranger. */
export async function reportReal(engine, { sets, cards }, prints, seed) {
  const random = newRandom(seed)
  const gallery = engine.createGallery()
  const persons = engine.personsOf(gallery)
  const asGiven = indices =>
    indices.flatMap((i, k) => (i === undefined ? [] : [{ position: k + 1, template: prints[i].template }]))
  for (const [k, card] of cards.entries()) await persons.enrol(`card ${k}`, { fingers: asGiven(card) })
  for (const [k, fingers] of sets.entries())
    await persons.enrol(`set ${k}`, { fingers: asGiven(fingers.map(impressions => impressions[0])) })
  const rows = []
  for (const [name, change] of Object.entries(CASES)) {
    const mates = tally(`mates, ${name}`)
    for (const [k, fingers] of sets.entries()) {
      for (let impression = 1; impression < 8; impression++) {
        const given = asGiven(fingers.map(impressions => impressions[impression]))
        mates.add(await persons.identifyPerson({ fingers: change(given, random) }), `set ${k}`)
      }
    }
    rows.push(mates.row())
    const strangers = tally(`strangers, ${name}`)
    for (const [k, card] of cards.entries()) {
      await persons.remove(`card ${k}`)
      strangers.add(await persons.identifyPerson({ fingers: change(asGiven(card), random) }))
      await persons.enrol(`card ${k}`, { fingers: asGiven(card) }, { skipSameFingerCheck: true })
    }
    rows.push(strangers.row())
  }
  console.log(`\nreal prints: ${persons.size} persons enrolled, ${gallery.size} templates, target FPIR 0.001`)
  console.log(formatTable(HEADER, rows))
}

/** Persons whose ten fingers are synthetic templates; the same persons again are typical impressions of them. */
export async function reportSynthetic(engine, { persons: count, mates, strangers, seed }) {
  const random = newRandom(seed)
  const gallery = engine.createGallery()
  const persons = engine.personsOf(gallery)
  const hands = (person, templateOf) =>
    Array.from({ length: 10 }, (_, i) => ({ position: i + 1, template: templateOf(seed, 10 * person + i) }))
  const again = person => hands(person, syntheticProbe)
  const known = Array.from({ length: mates }, (_, k) => Math.floor((count * k) / mates))
  const startedMs = performance.now()
  for (let person = 0; person < count; person++) {
    await persons.enrol(`p${person}`, { fingers: hands(person, syntheticTemplate) }, { skipSameFingerCheck: true })
  }
  const seconds = (performance.now() - startedMs) / 1000
  console.log(
    `\nsynthetic: ${whole(persons.size)} persons, ${whole(gallery.size)} templates, ${whole(gallery.bytes / 2 ** 20)} MiB, made and enrolled in ${whole(seconds)} s`,
  )
  await gallery.buildIndex()
  const rows = []
  for (const name of ['ten fingers', 'two swapped, one missing']) {
    const found = tally(`mates, ${name}`)
    for (const person of known)
      found.add(await persons.identifyPerson({ fingers: CASES[name](again(person), random) }), `p${person}`)
    rows.push(found.row())
  }
  const others = tally('strangers, ten fingers')
  for (let k = 0; k < strangers; k++) others.add(await persons.identifyPerson({ fingers: again(count + k) }))
  rows.push(others.row())
  console.log(formatTable(HEADER, rows))
  await reportCost(persons, gallery, [
    ['a mate', again(known[0])],
    ['a stranger', again(count + strangers)],
  ])
}

/** One search of a person against ten of its fingers, in processor time. */
async function reportCost(persons, gallery, probes) {
  const cpuMs = async work => {
    const before = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(before)
    return [(user + system) / 1000, result]
  }
  for (const [name, fingers] of probes) {
    const [own, result] = await cpuMs(() => persons.identifyPerson({ fingers }))
    const [ten] = await cpuMs(async () => {
      for (const { template } of fingers) await gallery.search(template)
    })
    const steps = result.steps.map(
      ({ step, screened, compared, elapsedMs }) =>
        `${step} ${whole(screened)} + ${whole(compared)} in ${figure(elapsedMs)} ms`,
    )
    console.log(
      `${name}: ${figure(own)} ms of processor time, ten searches ${figure(ten)} (${figure((100 * own) / ten)} %); ${steps.join(', ')}`,
    )
  }
}
