/** Which pages are kept as golden images, and of what they are made. */
import { readFileSync } from 'node:fs'
import { LONGEST, OFFICE, SCRIPTS, SITI, VERIFICATION } from './print-persons.js'

const fixture = name => new Uint8Array(readFileSync(new URL(`../../fixtures/print/${name}`, import.meta.url)))

export function cardOf(person) {
  const issue = { serial: 'AB00012345', place: person.person.address.regency, issuedOn: '2026-11-25' }
  return { ...person, photo: fixture('portrait.jpg'), signature: fixture('signature.png'), ...issue }
}

export function letterOf(person) {
  return {
    ...person,
    photo: fixture('portrait.jpg'),
    number: '471.13/42/3276-01/XI/2026',
    code: 'PRR',
    meaning: 'Data telah tunggal dan siap dicetak; kartu belum dapat dicetak karena keterbatasan blangko.',
    issuedOn: '2026-11-25',
    until: '2027-05-25',
    office: OFFICE,
    verification: VERIFICATION,
  }
}

/** Small: 150 dpi shows a stroke of 6 pt as one pixel, 100 dpi one of 10 pt. */
export const GOLDEN = {
  'card-front': { make: ({ cardDocument }) => cardDocument(cardOf(SITI)), page: 0, dpi: 150 },
  'card-back': { make: ({ cardDocument }) => cardDocument(cardOf(SITI)), page: 1, dpi: 150 },
  'card-longest': { make: ({ cardDocument }) => cardDocument(cardOf(LONGEST)), page: 0, dpi: 150 },
  'card-scripts': { make: ({ cardDocument }) => cardDocument(cardOf(SCRIPTS)), page: 0, dpi: 150 },
  letter: { make: ({ letterDocument }) => letterDocument(letterOf(SITI)), page: 0, dpi: 100 },
  'letter-longest': { make: ({ letterDocument }) => letterDocument(letterOf(LONGEST)), page: 0, dpi: 100 },
}
