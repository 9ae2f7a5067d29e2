import type { Printer, PrinterProblem, PrintOutcome } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cardOf } from '../../../support/print-documents.js'

/** A printer and what a test does to it. Made anew for every test. */
export interface Rig {
  readonly printer: Printer
  /** Titles of what lies in the tray, oldest first, one for each card. */
  tray(): readonly string[]
  /** The next card is begun and not finished; resolves when it is begun. */
  hang?(): { begun(): Promise<void> }
  /** After `hang`: the printer finishes what it is at, if it still is. */
  goOn?(): void
  /** The next card meets this fault. */
  fail(problem: PrinterProblem): Promise<void>
  /** After `fail`: all is well again. */
  mend(): Promise<void>
  close(): Promise<void>
}

export interface ContractTraits {
  /** Whether a card takes time, in which a call can be stopped. */
  readonly takesTime: boolean
  /** What is said of each fault that a rig can bring about. */
  readonly faults: Partial<Record<PrinterProblem, 'not-printed' | 'uncertain'>>
}

const SECRET = 'NIK 3276015503990001'
/** A program that is at it may take a second to say its last word. */
const STOPS_WITHIN_MS = 4_000

/** Waits until something holds; a test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}

function expectFailed(outcome: PrintOutcome, what: 'not-printed' | 'uncertain', problem?: PrinterProblem): void {
  expect(outcome).toEqual({ outcome: what, problem: problem ?? expect.any(String), message: expect.any(String) })
  if (outcome.outcome === 'printed') return
  expect(outcome.message).not.toBe('')
  expect(outcome.message).not.toContain(SECRET)
  expect(outcome.message).not.toContain('Siti')
}

/** What every printer promises (src/station/print/types.ts), for one adapter. */
export function contractSuite(name: string, setup: () => Promise<Rig>, traits: ContractTraits): void {
  describe(`${name} keeps the contract of printers`, () => {
    let rig: Rig

    beforeEach(async () => {
      rig = await setup()
    })

    afterEach(async () => {
      await rig.printer.close?.()
      await rig.close()
    })

    it('prints a card, and says so when it lies in the tray', async () => {
      expect(await rig.printer.print(cardOf('Card 1', { secret: SECRET }))).toEqual({ outcome: 'printed' })
      expect(rig.tray()).toEqual(['Card 1'])
      expect(rig.printer.name).toMatch(/^[A-Za-z0-9._:/-]{1,64}$/)
      if (rig.printer.status !== undefined) expect(await rig.printer.status()).toEqual({ isReady: true })
    })

    it('prints one card at a time, in the order in which they were asked for', async () => {
      const titles = Array.from({ length: 4 }, (_, i) => `Card ${i}`)
      const outcomes = await Promise.all(titles.map(title => rig.printer.print(cardOf(title))))
      expect(outcomes).toEqual(titles.map(() => ({ outcome: 'printed' })))
      expect(rig.tray()).toEqual(titles)
    })

    it('sends nothing when it is stopped before, and prints the next', async () => {
      const stopped = await rig.printer.print(cardOf('Card 1'), { signal: AbortSignal.abort() })
      expectFailed(stopped, 'not-printed', 'refused')
      expect(await rig.printer.print(cardOf('Card 2'))).toEqual({ outcome: 'printed' })
      expect(rig.tray()).toEqual(['Card 2'])
    })

    it.runIf(traits.takesTime)('does not know what became of a card when it is stopped in the middle', async () => {
      const stop = new AbortController()
      const hung = rig.hang!()
      const first = rig.printer.print(cardOf('Card 1'), { signal: stop.signal })
      const second = rig.printer.print(cardOf('Card 2'), { signal: stop.signal })
      await hung.begun()
      const stoppedAt = performance.now()
      stop.abort(new Error('Siti went home'))
      expectFailed(await second, 'not-printed', 'refused')
      expectFailed(await first, 'uncertain', 'lost')
      expect(performance.now() - stoppedAt).toBeLessThan(STOPS_WITHIN_MS)
      rig.goOn!()
      await until(async () => (await rig.printer.print(cardOf('Card 3'))).outcome === 'printed')
      const tray = rig.tray()
      expect(tray.filter(title => title === 'Card 1').length).toBeLessThanOrEqual(1)
      expect(tray).not.toContain('Card 2')
    })

    for (const [problem, outcome] of Object.entries(traits.faults) as [PrinterProblem, 'not-printed' | 'uncertain'][]) {
      it(`says '${outcome}' of what meets the fault '${problem}', never tries again, and prints the next`, async () => {
        await rig.fail(problem)
        expectFailed(await rig.printer.print(cardOf('Card 1', { secret: SECRET })), outcome, problem)
        const before = [...rig.tray()]
        if (outcome === 'not-printed') expect(before).toEqual([])
        await rig.mend()
        expect(await rig.printer.print(cardOf('Card 2'))).toEqual({ outcome: 'printed' })
        expect(rig.tray()).toEqual([...before, 'Card 2'])
      })
    }

    it('sends nothing of a document that cannot be made', async () => {
      const broken = async () => {
        throw new Error(`no glyph in ${SECRET}`)
      }
      expectFailed(await rig.printer.print({ ...cardOf('Card 1'), pdf: broken, png: broken }), 'not-printed', 'refused')
      const empty = async () => new Uint8Array(0)
      expectFailed(await rig.printer.print({ ...cardOf('Card 1'), pdf: empty, png: empty }), 'not-printed', 'refused')
      expect(rig.tray()).toEqual([])
    })

    it('refuses what is no document and options that do not exist', async () => {
      const { printer } = rig
      for (const wrong of [undefined, {}, { ...cardOf('x'), title: 1 }, { ...cardOf('x'), pdf: 'x' }]) {
        await expect(printer.print(wrong as never)).rejects.toThrow(TypeError)
      }
      await expect(printer.print({ ...cardOf('x'), pages: [] })).rejects.toThrow(RangeError)
      await expect(printer.print({ ...cardOf('x'), pages: [{ widthMm: 0, heightMm: 1 }] })).rejects.toThrow(
        /pages\[0\]/,
      )
      await expect(printer.print(cardOf('x'), { signl: 1 } as never)).rejects.toThrow(/did you mean 'signal'/)
      await expect(printer.print(cardOf('x'), { signal: 'now' as never })).rejects.toThrow(TypeError)
      expect(rig.tray()).toEqual([])
    })

    it('prints again and again by one signal, without a listener left on it', async () => {
      const { signal } = new AbortController()
      const warnings: Error[] = []
      const warned = (warning: Error) => warnings.push(warning)
      process.on('warning', warned)
      const prints = Array.from({ length: 12 }, (_, i) => rig.printer.print(cardOf(`Card ${i}`), { signal }))
      await Promise.all(prints)
      await new Promise(resolve => setImmediate(resolve))
      process.off('warning', warned)
      expect(warnings).toEqual([])
      expect(rig.tray()).toHaveLength(12)
    })

    it('sends nothing once it is closed', async () => {
      await rig.printer.close?.()
      await rig.printer.close?.()
      expectFailed(await rig.printer.print(cardOf('Card 1')), 'not-printed', 'refused')
      expect((await rig.printer.status?.())?.isReady ?? false).toBe(false)
      expect(rig.tray()).toEqual([])
    })

    it.runIf(traits.takesTime)('does not know what became of a card in whose middle it is closed', async () => {
      const hung = rig.hang!()
      const running = rig.printer.print(cardOf('Card 1'))
      const waiting = rig.printer.print(cardOf('Card 2'))
      await hung.begun()
      await rig.printer.close?.()
      expectFailed(await running, 'uncertain', 'lost')
      expectFailed(await waiting, 'not-printed', 'refused')
    })
  })
}
