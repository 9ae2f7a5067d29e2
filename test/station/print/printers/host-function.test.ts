import { hostPrinter, type PrintDocument, type PrinterProblem, type PrintOutcome } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { cardOf } from '../../../support/print-documents.js'
import { contractSuite, until } from './contract.js'

/** What a driver of an application would do. */
class Driver {
  readonly tray: string[] = []
  fault: PrinterProblem | undefined
  hangs = false
  isAtWork = false
  goOn = () => {}

  async print(document: PrintDocument): Promise<PrintOutcome> {
    expect(this.isAtWork).toBe(false)
    this.isAtWork = true
    try {
      const { fault } = this
      if (fault === 'protocol') return { outcome: 'perhaps' } as never
      if (fault === 'lost') throw new Error('NIK 3276015503990001 was in the driver')
      if (fault === 'jam') return { outcome: 'uncertain', problem: fault, message: 'a card is in the way' }
      if (fault !== undefined) return { outcome: 'not-printed', problem: fault, message: 'it says so' }
      if ((await document.pdf().catch(() => [])).length === 0) {
        return { outcome: 'not-printed', problem: 'refused', message: 'there is nothing to print' }
      }
      if (this.hangs) {
        this.hangs = false
        await new Promise<void>(resolve => {
          this.goOn = resolve
        })
      }
      this.tray.push(document.title)
      return { outcome: 'printed' }
    } finally {
      this.isAtWork = false
    }
  }
}

contractSuite(
  'hostPrinter',
  async () => {
    const driver = new Driver()
    return {
      printer: hostPrinter('host', document => driver.print(document)),
      tray: () => driver.tray,
      hang() {
        driver.hangs = true
        return { begun: () => until(() => driver.isAtWork && !driver.hangs) }
      },
      goOn: () => driver.goOn(),
      async fail(problem) {
        driver.fault = problem
      },
      async mend() {
        driver.fault = undefined
      },
      close: async () => driver.goOn(),
    }
  },
  {
    takesTime: true,
    faults: {
      unreachable: 'not-printed',
      offline: 'not-printed',
      'out-of-media': 'not-printed',
      refused: 'not-printed',
      jam: 'uncertain',
      lost: 'uncertain',
      protocol: 'uncertain',
    },
  },
)

const saying = (said: unknown) => hostPrinter('host', async () => said as never).print(cardOf('Card'))

describe('hostPrinter', () => {
  it.each(['', 'a b', 'x'.repeat(65), 'Käse', 7])('refuses %j as a name', name => {
    expect(() => hostPrinter(name as string, async () => ({ outcome: 'printed' }))).toThrow(TypeError)
  })

  it('refuses what is no function', () => {
    expect(() => hostPrinter('host', undefined as never)).toThrow(TypeError)
  })

  it.each([
    undefined,
    null,
    true,
    'printed',
    {},
    { outcome: 'Printed' },
    { outcome: 'not-printed' },
    { outcome: 'not-printed', problem: 'fire', message: 'x' },
    { outcome: 'not-printed', problem: 'jam' },
    { outcome: 'uncertain', problem: 'toString', message: 'x' },
  ])('believes nothing of %j', async said => {
    expect(await saying(said)).toMatchObject({ outcome: 'uncertain', problem: 'protocol' })
  })

  it('takes an outcome in its own shape, its message as one line of moderate length', async () => {
    expect(await saying({ outcome: 'printed', extra: 1 })).toEqual({ outcome: 'printed' })
    const said = await saying({ outcome: 'uncertain', problem: 'jam', message: `a\n\u0007b${'c'.repeat(5_000)}`, x: 1 })
    expect(said).toEqual({ outcome: 'uncertain', problem: 'jam', message: expect.stringMatching(/^a bc{297}$/) })
  })

  it('takes what a function says in the second after it was stopped', async () => {
    const stop = new AbortController()
    const told: PrintOutcome = { outcome: 'not-printed', problem: 'refused', message: 'it could be held back' }
    const printer = hostPrinter('host', async (_, { signal }) => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      return told
    })
    const printing = printer.print(cardOf('Card'), { signal: stop.signal })
    setTimeout(() => stop.abort(), 10)
    expect(await printing).toEqual(told)
  })

  it('sends no card while the function is still at the one before', async () => {
    let finish = () => {}
    let calls = 0
    const printer = hostPrinter('host', async () => {
      calls++
      await new Promise<void>(resolve => {
        finish = resolve
      })
      return { outcome: 'printed' }
    })
    const printing = printer.print(cardOf('Card 1'), { signal: AbortSignal.timeout(10) })
    expect(await printing).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
    expect(await printer.print(cardOf('Card 2'))).toMatchObject({ outcome: 'not-printed', problem: 'refused' })
    expect(calls).toBe(1)
    finish()
    await new Promise(resolve => setImmediate(resolve))
    const third = printer.print(cardOf('Card 3'))
    await until(() => calls === 2)
    finish()
    expect(await third).toEqual({ outcome: 'printed' })
  })
})
