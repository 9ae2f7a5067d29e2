import { expect, it } from 'vitest'
import { CENTRE_STATES, centreState, shortState } from '../../../dist/station/enrol/states.js'

it('knows a state by its name and its short name in whatever case, and no other', () => {
  for (const state of CENTRE_STATES) {
    expect(centreState(state.name)).toBe(state)
    expect(centreState(state.name.toLowerCase().replaceAll('_', ' '))).toBe(state)
  }
  expect(centreState('Efac')?.name).toBe('ENROLL_FAILURE_AT_CENTRAL')
  expect(centreState('SFE')?.name).toBe('SENT_FOR_ENROLLMENT')
  expect(centreState('PRR')?.next).toContain('print')
  expect(centreState('dup')?.next).toContain('deletion')
  expect(centreState('constructor')).toBeUndefined()
  expect(centreState('SOMETHING_NEW')).toBeUndefined()
})

it('says each in short as letters do, and what has no short name as it came', () => {
  expect(['PROCESSING', 'prr', 'efac', 'duplicate record'].map(shortState)).toEqual(['Pro', 'PRR', 'Efac', 'DUP'])
  expect(shortState('CARD_PRINTED')).toBe('CARD_PRINTED')
  expect(shortState('SOMETHING_NEW')).toBe('SOMETHING_NEW')
  for (const { name } of CENTRE_STATES) expect(centreState(shortState(name))?.name).toBe(name)
})
