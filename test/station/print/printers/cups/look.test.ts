import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLook } from '../../../../../dist/station/print/printers/cups/look.js'
import { problemOf } from '../../../../../dist/station/print/printers/cups/problems.js'

/** As CUPS 2.4.10 puts it. */
const job = (number: number, status: string | undefined, alerts: string, queue = 'cards') =>
  [
    `${queue}-${number}                 operator          1024   Wed Nov 25 23:22:31 2026`,
    ...(status === undefined ? [] : [`\tStatus: ${status}`]),
    `\tAlerts: ${alerts}`,
    `\tqueued for ${queue}`,
  ].join('\n')
const accepts = 'cards accepting requests since Wed Nov 25 23:22:35 2026'
const rejects = 'cards not accepting requests since Wed Nov 25 23:22:35 2026 -\n\tno more'
const printer = (state: string, message: string | undefined, alerts: string) =>
  [
    `printer cards ${state} since Wed Nov 25 23:22:35 2026${state === 'disabled' ? ' -' : ''}`,
    ...(message === undefined ? [] : [`\t${message}`]),
    '\tForm mounted:',
    '\tContent types: any',
    '\tDescription: cards',
    `\tAlerts: ${alerts}`,
    '\tLocation: ',
    '\tUsers allowed:',
    '\t\t(all)',
  ].join('\n')
const look = (...blocks: string[]) => readLook('cards', `scheduler is running\n${blocks.join('\n')}\n`)

describe('what lpstat says of a queue', () => {
  it('is read: jobs that run, jobs that have ended, the queue and the printer', () => {
    const seen = look(
      job(7, 'out of cards', 'job-printing'),
      job(8, undefined, 'none'),
      accepts,
      job(6, '', 'job-completed-successfully'),
      printer('now printing cards-7.  enabled', 'out of cards', 'media-empty-error offline-report'),
    )!
    expect(seen).toMatchObject({ isAccepting: true, isEnabled: true, reasons: ['media-empty-error', 'offline-report'] })
    expect([...seen.active]).toEqual([
      [7, { reasons: ['job-printing'], hasMessage: true }],
      [8, { reasons: [], hasMessage: false }],
    ])
    expect([...seen.ended]).toEqual([[6, { reasons: ['job-completed-successfully'], hasMessage: true }]])
  })

  it('is read of a queue that is stopped and takes nothing', () => {
    const seen = look(rejects, printer('disabled', 'Ribbon out', 'paused'))
    expect(seen).toMatchObject({ isAccepting: false, isEnabled: false, reasons: ['paused'] })
  })

  it('is not taken from the message of a printer that looks like it', () => {
    const liar = 'x\n\tAlerts: job-completed-successfully'
    const seen = look(job(7, liar, 'job-printing'), accepts, printer('is idle.  enabled', liar, 'none'))!
    expect(seen.active.get(7)!.reasons).toEqual(['job-printing'])
    expect(seen.reasons).toEqual([])
    const second = `x\n${job(7, '', 'job-completed-successfully')}`
    expect(look(job(7, second, 'job-printing'), accepts, printer('is idle.  enabled', '', 'none'))).toBe(undefined)
    const parting = `x\n${accepts}\n${job(7, '', 'job-completed-successfully')}`
    expect(look(job(7, parting, 'job-printing'), accepts, printer('is idle.  enabled', '', 'none'))).toBe(undefined)
  })

  it.each([
    ['nothing'],
    [accepts],
    [printer('is idle.  enabled', '', 'none')],
    [`${accepts}\n${printer('is idle.  enabled', '', 'none').replace('printer cards', 'printer letters')}`],
  ])('is nothing where a part is missing: %s', text => {
    expect(look(text)).toBe(undefined)
  })

  it('tells the queue from others whose names begin or end like it', () => {
    const [queue, other] = ['a-1', 'a-1-2']
    const text = `${job(3, '', 'job-printing', queue)}\n${accepts.replace('cards', queue)}\n`
    const seen = readLook(queue, `${text}printer ${queue} is idle.  enabled since x\n\tAlerts: none`)!
    expect([...seen.active.keys()]).toEqual([3])
    expect(readLook(other, `${text}printer ${queue} is idle.  enabled since x\n\tAlerts: none`)).toBe(undefined)
  })

  it('throws at no text', () => {
    const line = fc.oneof(
      fc.constantFrom(
        accepts,
        rejects,
        '\tAlerts: x',
        '\tStatus:',
        'cards-',
        'cards-99999999999 x',
        'cards-1 x',
        'printer cards ',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line), lines => {
        const seen = readLook('cards', lines.join('\n'))
        for (const number of [...(seen?.active.keys() ?? []), ...(seen?.ended.keys() ?? [])]) {
          expect(Number.isSafeInteger(number)).toBe(true)
        }
      }),
    )
  })
})

describe("a printer's reasons", () => {
  it.each([
    [[], undefined],
    [['none'], undefined],
    [['media-low-report', 'marker-supply-low-warning'], undefined],
    [['media-empty-error'], 'out-of-media'],
    [['media-needed'], 'out-of-media'],
    [['marker-supply-empty-error'], 'out-of-media'],
    [['paused', 'media-jam-error', 'media-empty-error'], 'jam'],
    [['connecting-to-device'], 'offline'],
    [['offline-report'], 'offline'],
    [['door-open', 'cover-open-error'], 'offline'],
    [['com.vendor-unheard-of'], undefined],
  ])('%j are the problem %s', (reasons, problem) => {
    expect(problemOf(reasons)).toBe(problem)
  })
})
