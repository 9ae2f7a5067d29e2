/** Against a CUPS server that runs here (test/support/cups-server.ts), with a printer that fails as told. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CupsPrinterOptions, cupsPrinter } from 'sidik/station'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CupsServer, noCups, programPath, QUEUE } from '../../../../support/cups-server.js'
import { cardOf } from '../../../../support/print-documents.js'
import { contractSuite, type Rig, until } from '../contract.js'

const skipped = noCups === undefined ? '' : ` (skipped: ${noCups})`
const CHILD = fileURLToPath(new URL('printing-child.mjs', import.meta.url))
let cups: CupsServer
let programs = 0

const printerTo = (options: Partial<CupsPrinterOptions> = {}) =>
  cupsPrinter({ queue: QUEUE, server: cups.server, pollMs: 60, timeoutMs: 20_000, ...options })

async function rig(): Promise<Rig> {
  const [printed, begun] = [cups.titles('printed').length, cups.titles('begun').length]
  return {
    printer: printerTo(),
    tray: () => cups.titles('printed').slice(printed),
    hang() {
      cups.mode('waits')
      return { begun: () => until(() => cups.titles('begun').length > begun) }
    },
    goOn() {
      cups.mode('prints')
      cups.release()
    },
    async fail(problem) {
      if (problem === 'unreachable') await cups.kill()
      else if (problem === 'offline') await cups.admin('cupsdisable', QUEUE)
      else if (problem === 'refused') await cups.admin('cupsreject', QUEUE)
      else if (problem === 'jam') cups.mode('jam')
      else cups.mode('exit-1')
    },
    async mend() {
      cups.mode('prints')
      if (!cups.isRunning) await cups.run()
      await cups.admin('cupsenable', QUEUE)
      await cups.admin('cupsaccept', QUEUE)
    },
    async close() {
      cups.mode('prints')
      if (!cups.isRunning) await cups.run()
      await cups.clear()
    },
  }
}

describe.skipIf(noCups !== undefined)(`CUPS${skipped}`, () => {
  beforeAll(async () => {
    cups = await CupsServer.start()
  })

  afterAll(() => cups?.stop())

  contractSuite('cupsPrinter', rig, {
    takesTime: true,
    faults: {
      unreachable: 'not-printed',
      offline: 'not-printed',
      refused: 'not-printed',
      jam: 'uncertain',
      lost: 'uncertain',
    },
  })

  describe('cupsPrinter', () => {
    afterEach(async () => {
      cups.freeze(false)
      cups.mode('prints')
      await cups.admin('cupsenable', QUEUE)
      await cups.clear()
    })

    /** The programs of CUPS in a folder of their own, one of which does something first. */
    function programOf(name: string, first: string): string {
      const folder = join(cups.folder, `programs-${programs++}`)
      mkdirSync(folder)
      for (const each of ['lp', 'lpstat', 'cancel']) {
        const script = `#!/bin/sh\n${each === name ? `${first}\n` : ''}exec ${programPath(each)} "$@"\n`
        writeFileSync(join(folder, each), script, { mode: 0o755 })
      }
      return join(folder, 'lp')
    }

    const begunNow = () => cups.titles('begun').length

    it('brings the PDF to the printer byte by byte, with the options of the job', async () => {
      const card = cardOf('Kartu "é" -x $(id)')
      expect(
        await printerTo({ options: { media: 'Custom.243x153', sides: 'two-sided-long-edge' } }).print(card),
      ).toEqual({
        outcome: 'printed',
      })
      expect(
        cups
          .cards()
          .at(-1)!
          .equals(Buffer.from(await card.pdf())),
      ).toBe(true)
      expect(cups.titles('printed').at(-1)).toBe('Kartu "é" -x $(id)'.replace('$', ' '))
      expect(cups.options().at(-1)).toMatch(/media=Custom\.243x153 .*sides=two-sided-long-edge/)
    })

    it('does not know what became of a card whose backend failed, and lets CUPS begin none again', async () => {
      const before = begunNow()
      const problems: Record<string, string> = {}
      // Failed, a password is needed, hold the job, stop the queue, cancel the job, try again.
      for (const code of [1, 2, 3, 4, 5, 6] as const) {
        cups.mode(`exit-${code}`)
        const outcome = await printerTo().print(cardOf(`Card ${code}`))
        expect(outcome.outcome).toBe('uncertain')
        if (outcome.outcome === 'uncertain') problems[code] = outcome.problem
        cups.mode('prints')
        await cups.admin('cupsenable', QUEUE)
      }
      expect(problems).toEqual({
        1: 'lost',
        2: 'refused',
        3: 'refused',
        4: 'offline',
        5: 'refused',
        6: 'lost',
      })
      // What CUPS would try again, it would after a second (JobRetryInterval).
      await new Promise(resolve => setTimeout(resolve, 1_500))
      expect(cups.titles('begun').slice(before)).toEqual([1, 2, 3, 4, 5, 6].map(code => `Card ${code}`))
      expect(await cups.admin('lpstat', '-o', QUEUE)).toBe('')
    })

    it.each([
      ['offline', 'offline'],
      ['out-of-media', 'out-of-media'],
    ] as const)('waits for a printer that is %s, and says so when it waits in vain', async (mode, problem) => {
      cups.mode(mode)
      const printer = printerTo({ timeoutMs: 1_000 })
      expect(await printer.print(cardOf('Card in vain'))).toMatchObject({ outcome: 'uncertain', problem })
      cups.mode('prints')
      expect(await printer.print(cardOf('Card after'))).toEqual({ outcome: 'printed' })
    })

    it('prints when blanks are put in while it waits', async () => {
      cups.mode('out-of-media')
      const printing = printerTo().print(cardOf('Card late'))
      await until(async () => (await cups.admin('lpstat', '-l', '-p', QUEUE)).includes('media-empty-error'))
      expect(await printerTo().status!()).toMatchObject({ isReady: true, problem: 'out-of-media' })
      cups.release()
      expect(await printing).toEqual({ outcome: 'printed' })
    })

    it('waits until the queue is empty, and sends nothing when that does not happen', async () => {
      await cups.admin('lp', '-d', QUEUE, '-H', 'hold', '-t', 'left over', join(cups.folder, 'etc/cupsd.conf'))
      const before = begunNow()
      const late = await printerTo({ timeoutMs: 200 }).print(cardOf('Card 1'))
      expect(late).toMatchObject({
        outcome: 'not-printed',
        problem: 'refused',
        message: expect.stringContaining('1 other'),
      })
      const stopped = printerTo().print(cardOf('Card 2'), { signal: AbortSignal.timeout(50) })
      expect(await stopped).toMatchObject({ outcome: 'not-printed', problem: 'refused' })
      expect(begunNow()).toBe(before)
      const third = printerTo().print(cardOf('Card 3'))
      await cups.admin('cancel', '-a', QUEUE)
      expect(await third).toEqual({ outcome: 'printed' })
    })

    it('knows that a job was never begun when CUPS says so of a cancelled one', async () => {
      const lp = programOf('lp', `cupsdisable ${QUEUE}`)
      const before = begunNow()
      const outcome = await printerTo({ lpPath: lp }).print(cardOf('Card 1'))
      expect(outcome).toMatchObject({ outcome: 'not-printed', problem: 'offline' })
      await cups.admin('cupsenable', QUEUE)
      await printerTo().print(cardOf('Card 2'))
      expect(cups.titles('begun').slice(before)).toEqual(['Card 2'])
    })

    it('prints to the null device of CUPS', async () => {
      await cups.admin('lpadmin', '-p', 'null', '-E', '-v', 'file:///dev/null')
      expect(await printerTo({ queue: 'null' }).print(cardOf('Card 1'))).toEqual({ outcome: 'printed' })
    })

    it('does not know what became of a card of which CUPS keeps no history', async () => {
      const forgetful = await CupsServer.start([], 'PreserveJobHistory No\n')
      try {
        const outcome = await printerTo({ server: forgetful.server }).print(cardOf('Card 1'))
        expect(outcome).toMatchObject({
          outcome: 'uncertain',
          problem: 'lost',
          message: expect.stringContaining('History'),
        })
        expect(forgetful.titles('printed')).toEqual(['Card 1'])
      } finally {
        await forgetful.stop()
      }
    })

    it('leaves no card on the disk: what lp reads has no name', async () => {
      const [lp, temporary] = [
        programOf('lp', `ls -A "$TMPDIR" >"${cups.folder}/seen"`),
        join(cups.folder, 'temporary'),
      ]
      mkdirSync(temporary)
      const before = process.env.TMPDIR
      process.env.TMPDIR = temporary
      try {
        expect(await printerTo({ lpPath: lp }).print(cardOf('Card 1'))).toEqual({ outcome: 'printed' })
      } finally {
        if (before === undefined) delete process.env.TMPDIR
        else process.env.TMPDIR = before
      }
      expect(readFileSync(join(cups.folder, 'seen'), 'utf8')).toBe('')
    })

    it('prints the whole card when the station is killed while lp has it', async () => {
      const pdf = Buffer.concat([Buffer.from(await cardOf('Card 1').pdf()), Buffer.alloc(3_000_000, 'x')])
      const [file, at] = [join(cups.folder, 'large.pdf'), join(cups.folder, 'lp-begins')]
      writeFileSync(file, pdf)
      const lp = programOf('lp', `touch ${at}; sleep 0.3`)
      const before = cups.titles('printed').length
      const child = spawn(process.execPath, [CHILD, cups.server, QUEUE, lp, file], { stdio: 'ignore' })
      await until(() => existsSync(at))
      child.kill('SIGKILL')
      await until(() => cups.titles('printed').length > before)
      expect(cups.titles('printed').at(-1)).toBe('Card of a child')
      expect(cups.cards().at(-1)!.equals(pdf)).toBe(true)
    })

    it('does not know what became of a card whose server is killed', async () => {
      cups.mode('waits')
      const before = begunNow()
      const printing = printerTo().print(cardOf('Card 1'))
      await until(() => begunNow() > before)
      await cups.kill()
      expect(await printing).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
      expect(await printerTo().print(cardOf('Card 2'))).toMatchObject({
        outcome: 'not-printed',
        problem: 'unreachable',
      })
      expect(await printerTo().status!()).toMatchObject({ isReady: false, problem: 'unreachable' })
      cups.mode('prints')
      cups.release()
      await cups.run()
    })

    it('does not wait for ever for a server that hangs', async () => {
      cups.mode('waits')
      const before = begunNow()
      const stop = new AbortController()
      const printing = printerTo().print(cardOf('Card 1'), { signal: stop.signal })
      await until(() => begunNow() > before)
      cups.freeze(true)
      const stoppedAt = performance.now()
      stop.abort()
      expect(await printing).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
      expect(performance.now() - stoppedAt).toBeLessThan(6_000)
    })

    it('does not wait for ever for lp, which may have handed the card over', async () => {
      const begunAt = performance.now()
      const lp = programOf('lp', 'exec sleep 30')
      const outcome = await printerTo({ lpPath: lp }).print(cardOf('Card 1'), { signal: AbortSignal.timeout(200) })
      expect(outcome).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
      expect(performance.now() - begunAt).toBeLessThan(6_000)
    })

    it('says what is missing: programs, a queue, a server', async () => {
      const card = cardOf('Card 1')
      const outcomes = [{ lpPath: '/nowhere/lp' }, { queue: 'nowhere' }, { server: '127.0.0.1:9' }]
      for (const options of outcomes) {
        expect(await printerTo(options).print(card)).toMatchObject({ outcome: 'not-printed', problem: 'unreachable' })
        expect(await printerTo(options).status!()).toMatchObject({ isReady: false, problem: 'unreachable' })
      }
    })

    it('believes no program that is not of CUPS', async () => {
      const lp = programOf('cancel', 'exit 0')
      const say = (name: string, script: string) => writeFileSync(join(dirname(lp), name), `#!/bin/sh\n${script}\n`)
      say('lpstat', 'echo "scheduler is running"; echo "all is well"')
      const printer = printerTo({ lpPath: lp })
      expect(await printer.print(cardOf('Card 1'))).toMatchObject({ outcome: 'not-printed', problem: 'protocol' })
      say('lpstat', `exec ${programPath('lpstat')} "$@"`)
      say('lp', 'echo "request id is another-7 (1 file(s))"')
      expect(await printer.print(cardOf('Card 1'))).toMatchObject({ outcome: 'uncertain', problem: 'protocol' })
      say('lp', 'kill -9 $$')
      expect(await printer.print(cardOf('Card 1'))).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
      say('lp', `echo "request id is ${QUEUE}-999999 (0 file(s))"`)
      expect(await printer.print(cardOf('Card 1'))).toMatchObject({ outcome: 'uncertain', problem: 'lost' })
      say('lp', 'echo "lp: the server is on fire" >&2; exit 1')
      expect(await printer.print(cardOf('Card 1'))).toMatchObject({ outcome: 'not-printed', problem: 'refused' })
    })
  })
})

describe('the options of cupsPrinter', () => {
  it.each([
    [{}, /queue/],
    [{ queue: '-d' }, /queue/],
    [{ queue: 'a b' }, /queue/],
    [{ queue: 'cards/x' }, /queue/],
    [{ queue: 'x'.repeat(65) }, /name/],
    [{ queue: 'cards', server: '-h' }, /server/],
    [{ queue: 'cards', server: '' }, /server/],
    [{ queue: 'cards', lpPath: 'lp' }, /lpPath/],
    [{ queue: 'cards', timeoutMs: 10 }, /timeoutMs/],
    [{ queue: 'cards', pollMs: 1 }, /pollMs/],
    [{ queue: 'cards', options: { copies: '2' } }, /options\.copies is set/],
    [{ queue: 'cards', options: { 'Job-Sheets': 'standard' } }, /is set by/],
    [{ queue: 'cards', options: { media: 'a copies=2' } }, /options\.media/],
    [{ queue: 'cards', options: { '-d': 'x' } }, /a name in options/],
    [{ queue: 'cards', options: { media: 7 } }, /options\.media/],
    [{ queue: 'cards', que: 'x' }, /there is no option/],
  ])('are refused when they are none: %j', (options, message) => {
    expect(() => cupsPrinter(options as never)).toThrow(message)
  })

  it('take a long queue under another name', () => {
    expect(cupsPrinter({ queue: 'x'.repeat(100), name: 'counter:1' }).name).toBe('counter:1')
  })
})
