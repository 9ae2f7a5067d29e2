import type { Template } from 'sidik'
import { syntheticProbe, syntheticTemplate } from 'sidik/synthesize'

interface PresentFinger {
  readonly position: number
  readonly template: Template
}

/**
 * Synthetic people by number: the same fingers for the same number, as they were put down first or
 * another time. Of another seed they are other people.
 */
export function peopleOf(seed: number, positions: readonly number[]) {
  const fingers = (person: number, make: (finger: number) => Template): PresentFinger[] =>
    positions.map(position => ({ position, template: make(person * 10 + position) }))
  return {
    firstOf: (person: number) => fingers(person, finger => syntheticTemplate(seed, finger)),
    againOf: (person: number) => fingers(person, finger => syntheticProbe(seed, finger, 'clean')),
  }
}
