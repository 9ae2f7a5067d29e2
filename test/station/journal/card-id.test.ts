import { afterEach, describe, expect, it, vi } from 'vitest'
import { mayHaveMade, newCardId, newRequestId } from '../../../dist/station/journal/card-id.js'

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.[0-9a-f]{12}$/
const timeOf = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

describe('newRequestId', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('begins with a UUID of version 7 that says when', () => {
    const before = Date.now()
    const id = newRequestId('kiosk-1')
    expect(id).toMatch(FORM)
    expect(timeOf(id)).toBeGreaterThanOrEqual(before)
    expect(timeOf(id)).toBeLessThanOrEqual(Date.now())
  })

  it('grows, also among thousands of one millisecond and with a clock that goes back', () => {
    const now = Date.now() + 10
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now)
    const ids = Array.from({ length: 9_000 }, () => newRequestId('kiosk-1'))
    clock.mockReturnValue(now - 3_600_000)
    ids.push(newRequestId('kiosk-1'))
    clock.mockReturnValue(now + 1_000)
    ids.push(newRequestId('kiosk-1'))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.every(id => FORM.test(id))).toBe(true)
    expect(timeOf(ids.at(-1)!)).toBe(now + 1_000)
  })
})

describe.each([newCardId, newRequestId])('$name', made => {
  it('is of one station, and stays its own by any change', () => {
    const id = made('kiosk-1')
    expect(mayHaveMade('kiosk-1', id)).toBe(true)
    expect(mayHaveMade('kiosk-2', id)).toBe(false)
    const other = made('kiosk-1')
    expect(mayHaveMade('kiosk-1', id.slice(0, 36) + other.slice(36))).toBe(false)
    expect(mayHaveMade('kiosk-2', '0190163d-8694-739b-aea5-966c26f8ad91')).toBe(true)
  })
})
