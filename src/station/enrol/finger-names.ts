/** Fingers by name, as an operator reads them. */
import { FRICTION_RIDGE_POSITIONS } from '../../formats/finger-positions.js'

const INDONESIAN = ['ibu jari', 'telunjuk', 'jari tengah', 'jari manis', 'kelingking']

/** 'right thumb'; in Indonesian 'ibu jari kanan'. @param position 1 to 10 */
export function fingerName(position: number, language: 'en' | 'id'): string {
  if (language === 'en') return FRICTION_RIDGE_POSITIONS.get(position)!.name
  return `${INDONESIAN[(position - 1) % 5]} ${position <= 5 ? 'kanan' : 'kiri'}`
}

/** 'the right thumb and the left thumb'; in Indonesian 'ibu jari kanan dan ibu jari kiri'. */
export function fingerNames(positions: readonly number[], language: 'en' | 'id'): string {
  const names = positions.map(position => fingerName(position, language))
  return language === 'en' ? names.map(name => `the ${name}`).join(' and ') : names.join(' dan ')
}
