/** What the engine says of persons who were recorded twice, without any station. */
import { createEngine } from '../engine.js'
import { TARGET_FPIR } from '../persons/persons.js'
import type { FingerInput } from '../persons/types.js'
import type { Enrolment } from '../station/enrol/types.js'
import type { SamePersonFact } from './facts.js'
import { simulatedPerson } from './person.js'
import type { OutagePlan } from './plan-types.js'

/**
 * Compares each pair alone, at the rate that a station asks for.
 *
 * @param population persons among whom each must stand out
 */
export async function samePersonFacts(
  { seed, samePerson }: Pick<OutagePlan, 'seed' | 'samePerson'>,
  population: number,
): Promise<SamePersonFact[]> {
  const engine = await createEngine({ threads: 1 })
  try {
    const facts: SamePersonFact[] = []
    const persons = engine.personsOf(engine.createGallery())
    for (const pair of samePerson) {
      const [first, second] = pair
      const { enrolled } = await persons.enrol('first', { fingers: fingersOf(simulatedPerson(seed, first)) })
      const again = fingersOf(simulatedPerson(seed, second, { recordedAs: first }))
      const { candidates, feedback } = await persons.identifyPerson({ fingers: again }, { population })
      if (enrolled) await persons.remove('first')
      const isAlike = feedback.some(({ code }) => code === 'same-finger-twice')
      facts.push({ pair, matches: enrolled && !isAlike && candidates.some(({ fpir }) => fpir <= TARGET_FPIR) })
    }
    return facts
  } finally {
    await engine.close()
  }
}

function fingersOf({ fingers, exceptions = {} }: Enrolment): FingerInput[] {
  const missing = Object.entries(exceptions).map(([position, why]) => ({ position: Number(position), missing: why }))
  return [...fingers.map(({ position, template }) => ({ position, template: template! })), ...missing]
}
