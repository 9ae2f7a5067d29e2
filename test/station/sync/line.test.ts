import { SidikError } from 'sidik'
import { describe, expect, it } from 'vitest'
import { awake, Line, type LineState, NEW_LINE, pauseFor, readRetry } from '../../../dist/station/sync/line.js'
import { Pace } from '../../../dist/station/sync/pace.js'

/** The machine's clock, by which a rest is measured, may be set back a little meanwhile. */
const CLOCK_SLACK_MS = 5_000

const RETRY = readRetry({
  attempts: 1,
  firstPauseMs: 1,
  longestPauseMs: 2,
  firstRestMs: 60_000,
  longestRestMs: 600_000,
})

const fails = () => Promise.reject(new SidikError('LINE_DOWN', 'down'))

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    error => (error instanceof SidikError ? error.code : String(error)),
  )
}

/** A line that has failed until it rests. */
async function resting(now: () => number, seed = 'kiosk-1'): Promise<Line> {
  const line = new Line(RETRY, NEW_LINE, seed, now)
  for (let i = 0; i < 5; i++) expect(await codeOf(line.through(fails, undefined))).toBe('LINE_DOWN')
  return line
}

describe('a line that is down', () => {
  it('is tried as often as is told, with pauses between', async () => {
    const line = new Line({ ...RETRY, attempts: 3 }, NEW_LINE, 'kiosk-1', Date.now)
    let calls = 0
    const second = () => (++calls < 2 ? fails() : Promise.resolve('answer'))
    expect(await line.through(second, undefined)).toBe('answer')
    expect(line.state).toEqual(NEW_LINE)
    calls = -10
    expect(await codeOf(line.through(second, undefined))).toBe('LINE_DOWN')
    expect(calls).toBe(-7)
    expect(line.state.failures).toBe(3)
  })

  it('is not tried again when the other side will not have it', async () => {
    const line = new Line({ ...RETRY, attempts: 3 }, NEW_LINE, 'kiosk-1', Date.now)
    let calls = 0
    const refuse = () => {
      calls++
      return Promise.reject(new SidikError('LINE_REFUSED', 'unknown station'))
    }
    expect(await codeOf(line.through(refuse, undefined))).toBe('LINE_REFUSED')
    expect(calls).toBe(1)
  })

  it('rests after five failures in a row, also for a program that is started again', async () => {
    const line = await resting(() => 1_000_000)
    const again = new Line(RETRY, JSON.parse(JSON.stringify(line.state)) as LineState, 'kiosk-1', () => 1_010_000)
    expect(await codeOf(again.through(() => Promise.resolve(), undefined))).toBe('LINE_RESTING')
    expect(again.nextTryAt).toBeGreaterThanOrEqual(1_030_000)
    expect(again.nextTryAt).toBeLessThanOrEqual(1_060_000)
    const mended = new Line(RETRY, awake(again.state), 'kiosk-1', () => 1_010_000)
    expect(await mended.through(() => Promise.resolve('answer'), undefined)).toBe('answer')
    expect(mended.state).toEqual(NEW_LINE)
    const later = new Line(RETRY, again.state, 'kiosk-1', () => again.nextTryAt + 1)
    expect(await later.through(() => Promise.resolve('answer'), undefined)).toBe('answer')
    expect(later.state).toEqual(NEW_LINE)
  })

  it('rests longer each time, up to a bound', async () => {
    let now = 1_000_000
    let state = (await resting(() => now)).state
    const rests: number[] = []
    for (let i = 0; i < 7; i++) {
      const line = new Line(RETRY, state, 'kiosk-1', () => now)
      rests.push(line.nextTryAt - now)
      now = line.nextTryAt + CLOCK_SLACK_MS
      const next = new Line(RETRY, state, 'kiosk-1', () => now)
      expect(await codeOf(next.through(fails, undefined))).toBe('LINE_DOWN')
      state = next.state
    }
    for (const [at, rest] of rests.entries()) {
      const full = Math.min(600_000, 60_000 * 2 ** at)
      expect(rest).toBeGreaterThanOrEqual(full / 2 - CLOCK_SLACK_MS)
      expect(rest).toBeLessThanOrEqual(full + CLOCK_SLACK_MS)
    }
  })

  it('is not called by all stations in the same second', async () => {
    const nexts = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => (await resting(() => 0, `kiosk-${at}`)).nextTryAt),
    )
    expect(new Set(nexts.map(ms => Math.round(ms / 1_000))).size).toBeGreaterThan(15)
  })

  it('says the same of its rest however often and late it is asked, so that nothing that is kept drifts', async () => {
    const { state } = await resting(() => 1_000_000)
    const line = new Line(RETRY, state, 'kiosk-1', () => 1_010_000)
    const asked = Date.now()
    while (Date.now() < asked + 5) await new Promise(setImmediate)
    expect(line.state).toEqual(state)
  })

  it('is tried after its rest also where the clock was put back meanwhile', async () => {
    const { state } = await resting(() => 1_000_000_000)
    const line = new Line(RETRY, state, 'kiosk-1', () => 1_000)
    expect(line.nextTryAt).toBeLessThanOrEqual(61_100)
  })
})

describe('a pause', () => {
  it('ends with the signal', async () => {
    const reason = new Error('enough')
    const stop = new AbortController()
    const pause = pauseFor(60_000, stop.signal)
    stop.abort(reason)
    await expect(pause).rejects.toBe(reason)
  })
})

describe('a pace', () => {
  it('lets no more through than is told, however large the pieces', () => {
    let now = 0
    const pace = new Pace(1_000, () => now)
    let sent = 0
    for (const bytes of [200, 300, 500, 1_000, 5_000, 100, 2_500, 400]) {
      now += pace.take(bytes)
      sent += bytes
      // One second's worth may be ahead, and the piece that is on its way.
      expect(sent - bytes).toBeLessThanOrEqual(1_000 + now)
    }
    expect(now).toBeGreaterThanOrEqual(8_000 - 1_000)
    expect(now).toBeLessThan(10_000)
    now += 60_000
    expect(pace.take(900)).toBe(0)
  })
})
