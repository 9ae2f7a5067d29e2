import {
  createIdentity,
  planPrinting,
  printCards,
  printJobs,
  recoverPrinting,
  requestCard,
  resolveJob,
  type Station,
  stock,
  verifyStation,
} from 'sidik/station'
import { expect, it } from 'vitest'
import { partsOf } from '../../../dist/station/station.js'
import { KEY, newPath } from '../files.ts'
import { anyStation, BY, blanks, expectLaws, newOffice, person, printerThat, render } from './support.ts'

/** Of the modules alone that a process needs: all of the station takes a second to load. */
function imports(names: Record<string, string>): string {
  const url = (module: string) => new URL(`../../../dist/station/${module}.js`, import.meta.url).href
  return Object.entries(names)
    .map(([name, module]) => `const { ${name} } = await import('${url(module)}')`)
    .join('\n')
}

/** Prints until `step` of the second card, closes the file there, and opens it again. */
async function crashedAt(step: string): Promise<Station> {
  const identity = await createIdentity('3276-01')
  const path = newPath()
  const station = await newOffice({ path, identity })
  blanks(station, 4)
  for (let i = 1; i <= 3; i++) requestCard(station, { record: person(station, i), ...BY })
  let cards = 0
  // At once: closing in order takes a moment, in which more would be written.
  const crash = () => partsOf(station).file.close()
  const run = printCards(station, {
    printer: printerThat(undefined as never, () => {
      if (step === 'printing') crash()
      return { outcome: 'printed' }
    }),
    render,
    onProgress: ({ step: now }) => {
      if (now === 'render') cards++
      if (cards === 2 && now === step) crash()
    },
  })
  await expect(run).rejects.toMatchObject({ code: 'STATION_CLOSED' })
  return anyStation({ path, identity })
}

it.each([
  ['render', { reserved: 0, uncertain: 0, prints: 2 }],
  ['reserved', { reserved: 1, uncertain: 0, prints: 1 }],
  ['sent', { reserved: 0, uncertain: 1, prints: 1 }],
  ['printing', { reserved: 0, uncertain: 1, prints: 1 }],
])('after a crash at %s nothing is lost, and nothing printed twice', async (step, { reserved, uncertain, prints }) => {
  const station = await crashedAt(step)
  expect(planPrinting(station).prints).toHaveLength(prints)
  expect(printJobs(station, { state: 'reserved' })).toHaveLength(reserved)
  const [lost] = printJobs(station, { state: 'uncertain' })
  if (reserved > 0) {
    expect(() =>
      resolveJob(station, printJobs(station, { state: 'reserved' })[0].job, { found: 'untouched', ...BY }),
    ).toThrow(expect.objectContaining({ code: 'PRINT_STATE' }))
  }
  const left = recoverPrinting(station)
  expect([left.released.length, left.uncertain.length]).toEqual([reserved, uncertain])
  expectLaws(station)
  const { printed } = await printCards(station, { printer: printerThat(), render })
  expect(printed).toHaveLength(2 - uncertain)
  expect(recoverPrinting(station).uncertain).toHaveLength(uncertain)
  if (lost !== undefined) {
    expect(lost.record).toBe('record-0002')
    resolveJob(station, lost.job, { found: 'untouched', ...BY })
    expect((await printCards(station, { printer: printerThat(), render })).printed).toHaveLength(1)
  }
  expect(stock(station)[0].accounts).toEqual({ received: -4, available: 1, printed: 3 })
  expectLaws(station)
  expect((await verifyStation(station)).findings).toEqual([])
})

it('a card that another program has released is not sent, and one that a person resolved before the printer spoke stands', async () => {
  const identity = await createIdentity('3276-01')
  const path = newPath()
  const station = await newOffice({ path, identity })
  blanks(station, 4)
  const record = person(station, 1)
  requestCard(station, { record, ...BY })
  // As another process sees it: this one's work is none of its own.
  const other = await import('node:child_process').then(({ execFileSync }) => (code: string) => {
    const script = `${imports({ openStation: 'open', recoverPrinting: 'print/recover', uncertainJobs: 'print/read', resolveJob: 'print/resolve' })}
      const station = await openStation({ path: ${JSON.stringify(path)}, key: new Uint8Array(${JSON.stringify([...KEY])}),
        identity: ${JSON.stringify(identity)} })
      ${code}
      await station.close()`
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] })
  })
  let runs = 0
  const printer = printerThat(() => {
    other(`resolveJob(station, uncertainJobs(station)[0].job, { found: 'untouched', operator: 'x' })`)
    return { outcome: 'printed' }
  })
  const result = await printCards(station, {
    printer,
    render,
    onProgress: ({ step }) => {
      if (step === 'reserved' && runs++ === 0) other('recoverPrinting(station)')
    },
  })
  expect(runs).toBe(2)
  expect(printer.calls).toBe(1)
  expect(result).toMatchObject({ printed: [], uncertain: [{ record, code: 'protocol' }] })
  expect(printJobs(station).map(({ state }) => state)).toEqual(['released', 'released'])
  expect(planPrinting(station).prints).toHaveLength(1)
  expectLaws(station)
  expect((await verifyStation(station)).findings).toEqual([])
})

it('two processes at one file print each card once', async () => {
  const identity = await createIdentity('3276-01')
  const path = newPath()
  const station = await newOffice({ path, identity })
  blanks(station, 40)
  for (let i = 1; i <= 24; i++) requestCard(station, { record: person(station, i), ...BY })
  const { spawn } = await import('node:child_process')
  const script = `${imports({ openStation: 'open', printCards: 'print/print-cards' })}
    const station = await openStation({ path: ${JSON.stringify(path)}, key: new Uint8Array(${JSON.stringify([...KEY])}), identity: ${JSON.stringify(identity)} })
    const printer = { name: 'p', print: async () => (await new Promise(next => setTimeout(next, 5)), { outcome: 'printed' }) }
    const { printed, stopped } = await printCards(station, { printer, render: async () => ({}) })
    console.log(JSON.stringify({ printed: printed.map(({ record }) => record), stopped }))
    await station.close()`
  const outputs = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<string>((resolve, reject) => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
            stdio: ['ignore', 'pipe', 'inherit'],
          })
          let text = ''
          child.stdout.on('data', part => (text += part))
          child.on('close', code => (code === 0 ? resolve(text) : reject(new Error(`ended with ${code}`))))
        }),
    ),
  )
  const [a, b] = outputs.map(text => JSON.parse(text) as { printed: string[]; stopped?: object })
  expect([a.stopped, b.stopped]).toEqual([undefined, undefined])
  expect([...a.printed, ...b.printed].sort()).toEqual(
    Array.from({ length: 24 }, (_, i) => `record-${String(i + 1).padStart(4, '0')}`),
  )
  expect(stock(station)[0].accounts).toEqual({ received: -40, available: 16, printed: 24 })
  expectLaws(station)
})
