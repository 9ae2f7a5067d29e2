import { readFile } from 'node:fs/promises'
import { createEngine, type Engine, type GrayImage } from 'sidik'
import { chooseFrame, createSource, type FrameFeedback } from 'sidik/capture'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { picture } from './contract.js'
import { liveFinger, NOBODY, STILL, type Touch } from './live-finger.js'

const times = (count: number, touch: Touch): Touch[] => Array.from({ length: count }, () => touch)

const COMING: readonly Touch[] = [
  ...times(2, NOBODY),
  { contact: 0.1, xPx: 20 },
  { contact: 0.3, xPx: 15 },
  { contact: 0.6, xPx: 10 },
  { contact: 0.9, xPx: 4 },
]

let engine: Engine
let print: GrayImage

beforeAll(async () => {
  engine = await createEngine({ threads: 1 })
  print = await decodeImage(await readFile(new URL('../../fixtures/prints/103_1.png', import.meta.url)))
})

afterAll(() => engine.close())

async function* live(touches: readonly Touch[], of = print) {
  yield* liveFinger(of, touches)
}

/** What is said while a finger is touched so; the search ends with the frames. */
async function said(touches: readonly Touch[], leastQuality = 45) {
  const feedback: FrameFeedback[] = []
  const onFeedback = (told: FrameFeedback) => feedback.push(told)
  const choice = await chooseFrame(engine, live(touches), { onFeedback, leastQuality })
  return { choice, feedback, codes: feedback.map(({ code }) => code) }
}

describe('chooseFrame', () => {
  it('waits for a finger, until it is still, and chooses among its first good frames', async () => {
    const { choice, codes } = await said([...COMING, ...times(8, STILL), NOBODY])
    expect(codes).toEqual(['no-finger', 'moving', 'good'])
    expect(choice).toMatchObject({ good: true, feedback: { code: 'good' }, framesSeen: 10 })
    expect([7, 8, 9]).toContain(choice.frame?.n)
    expect(choice.print?.minutiae.length).toBeGreaterThan(20)
  })

  it('chooses a frame that matches another print of the finger as well as the print itself does', async () => {
    const other = await engine.extract(await readFile(new URL('../../fixtures/prints/103_2.png', import.meta.url)))
    const itself = await engine.extract(print)
    const { choice } = await said([...COMING, ...times(4, STILL)])
    const { score } = engine.match(choice.print!.template, other.template)
    expect(score).toBeGreaterThan(0.9 * engine.match(itself.template, other.template).score)
  })

  it('never chooses a frame in which the finger moves', async () => {
    const moving = Array.from({ length: 12 }, (_, i): Touch => ({ contact: 1, xPx: 4 * (i % 3), yPx: 3 * i - 18 }))
    const { choice, codes } = await said([...times(2, NOBODY), ...moving])
    expect(codes).toEqual(['no-finger', 'moving'])
    expect(choice).toEqual({ good: false, feedback: expect.objectContaining({ code: 'moving' }), framesSeen: 14 })
  })

  it.each([
    [{ xPx: -130 }, 'to the right'],
    [{ xPx: 130 }, 'to the left'],
    [{ yPx: -140 }, 'towards yourself'],
    [{ xPx: 130, yPx: -140 }, 'to the left and towards yourself'],
  ])('tells a finger at %o to move %s', async (at, way) => {
    const { feedback, choice } = await said([NOBODY, ...times(3, { contact: 1, ...at })])
    expect(feedback.at(-1)).toEqual({ code: 'off-centre', message: `move to the centre: ${way}` })
    expect(choice.good).toBe(false)
  })

  it('asks a wet finger to press more lightly, and a faint one to press harder', async () => {
    const wet = await said([NOBODY, ...times(3, { contact: 1, wet: 3 })])
    expect(wet.feedback.at(-1)).toMatchObject({
      code: 'too-wet',
      message: expect.stringContaining('press more lightly'),
    })
    const faint = await said([NOBODY, ...times(3, { contact: 1, contrast: 0.2 })], 100)
    expect(faint.codes).toContain('too-faint')
  })

  it('waits for a better placement after a bad one, and forgets what was lifted before it was good', async () => {
    const off = times(3, { contact: 1, xPx: 130 })
    const { choice, codes } = await said([...COMING, ...off, NOBODY, ...COMING, ...times(4, STILL)])
    expect(codes).toEqual(['no-finger', 'moving', 'off-centre', 'no-finger', 'moving', 'good'])
    expect(choice.frame?.n).toBeGreaterThan(15)
  })

  it('takes the best good frame when the finger is lifted early', async () => {
    const { choice } = await said([...COMING, ...times(3, STILL), ...times(3, NOBODY)])
    expect(choice).toMatchObject({ good: true, framesSeen: 10 })
  })

  it('gives the best that could be read when no frame is good, a finger on the centre first', async () => {
    const off = times(3, { contact: 1, xPx: 130 })
    const { choice } = await said([NOBODY, ...off, NOBODY, ...times(3, STILL), NOBODY, ...off], 100)
    expect(choice.good).toBe(false)
    expect([6, 7]).toContain(choice.frame?.n)
    expect(choice.feedback.code).not.toBe('good')
  })

  it('gives no frame where there was no finger, only noise and residue', async () => {
    const { choice, codes } = await said(times(6, { contact: 1, contrast: 0.03 }))
    expect(choice).toEqual({ good: false, feedback: expect.objectContaining({ code: 'no-finger' }), framesSeen: 6 })
    expect(codes).toEqual(['no-finger'])
  })

  it('says that skin without ridges shows none', async () => {
    const flat: GrayImage = { ...picture(1, 400, 400), data: new Uint8Array(160_000).fill(90) }
    const feedback: FrameFeedback[] = []
    const frames = live([NOBODY, ...times(3, STILL)], flat)
    const choice = await chooseFrame(engine, frames, { onFeedback: told => feedback.push(told) })
    expect(choice.frame).toBeUndefined()
    expect(feedback.at(-1)?.code).toBe('too-wet')
  })

  it('ends when time is over, though no frame comes any more', async () => {
    const stuck = (async function* () {
      yield* liveFinger(print, [NOBODY])
      await new Promise(() => {})
    })()
    const begun = performance.now()
    const choice = await chooseFrame(engine, stuck, { timeoutMs: 100 })
    expect(choice).toMatchObject({ good: false, framesSeen: 1 })
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  it('ends with the reason of its signal, and what the frames throw', async () => {
    const reason = new Error('enough')
    await expect(chooseFrame(engine, live([NOBODY]), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const endless = (async function* () {
      for (;;) yield* liveFinger(print, [NOBODY])
    })()
    const onFeedback = () => controller.abort(reason)
    await expect(chooseFrame(engine, endless, { signal: controller.signal, onFeedback })).rejects.toBe(reason)
    const broken = (async function* () {
      yield* liveFinger(print, [NOBODY])
      throw reason
    })()
    await expect(chooseFrame(engine, broken)).rejects.toBe(reason)
  })

  it('refuses options that are none', async () => {
    await expect(chooseFrame(engine, live([]), { leastQuality: 101 })).rejects.toThrow(/leastQuality/)
    await expect(chooseFrame(engine, live([]), { timeoutMs: 1 })).rejects.toThrow(/timeoutMs/)
    await expect(chooseFrame(engine, live([]), { quality: 3 } as never)).rejects.toThrow(/no option 'quality'/)
  })

  it('lets the device of a source go when it has chosen', async () => {
    let engaged = false
    const device = { adapter: 'live' }
    const source = createSource({
      name: 'live',
      state: async () => ({ status: 'ready', message: 'ready', device }),
      async *frames() {
        engaged = true
        try {
          for (;;) {
            for (const frame of liveFinger(print, [...COMING, ...times(8, STILL)])) {
              yield { ...frame, device, capturedAt: new Date() }
            }
          }
        } finally {
          engaged = false
        }
      },
    })
    const choice = await chooseFrame(engine, source.capture())
    expect(choice.good).toBe(true)
    expect(choice.frame?.device.adapter).toBe('live')
    expect(engaged).toBe(false)
  })
})
