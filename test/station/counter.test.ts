import { setImmediate as nextTurn } from 'node:timers/promises'
import { type EnrolProgress, enrol, galleryState } from 'sidik/station'
import { expect, it } from 'vitest'
import { atCounter, untilServed } from '../../dist/station/counter.js'
import { partsOf } from '../../dist/station/station.js'
import { IN_MEMORY, StationFile } from '../../dist/station/store/database.js'
import { inSlices } from '../../dist/station/sync/slices.js'
import { peopleOf } from './check/fingers.ts'
import { hubOfTwo } from './check/network.ts'
import { somebody } from './enrol/support.js'

const { firstOf } = peopleOf(41, [1, 2, 6])

/** A promise that the test settles. */
function pending<T>() {
  let settle: { resolve: (value: T) => void; reject: (error: Error) => void }
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...settle! }
}

/** Turns of the event loop in which a message would long have been taken. */
const MANY_TURNS = 50

it('lets what comes over the line wait for whoever is at the counter, until the last is served', async () => {
  const file = new StationFile(IN_MEMORY, { create: true })
  const [first, second] = [pending<string>(), pending<never>()]
  const counter = [atCounter(file, () => first.promise), atCounter(file, () => second.promise)]
  const order: string[] = []
  const line = inSlices(
    file,
    (function* () {
      order.push('line')
      yield
    })(),
  )
  const turns = async () => {
    for (let turn = 0; turn < MANY_TURNS; turn++) await nextTurn()
  }
  await turns()
  first.resolve('served')
  expect(await counter[0]).toBe('served')
  await turns()
  order.push('served')
  // One that fails is over, too.
  second.reject(new Error('torn up'))
  await expect(counter[1]).rejects.toThrow('torn up')
  await line
  expect(order).toEqual(['served', 'line'])
  file.close()
})

it('takes what comes over the line although somebody at the counter is never served', async () => {
  const file = new StationFile(IN_MEMORY, { create: true })
  const never = pending<void>()
  void atCounter(file, () => never.promise)
  const steps = function* () {
    for (let step = 0; step < 3; step++) yield
    return 'taken'
  }
  expect(await inSlices(file, steps())).toBe('taken')
  expect(await untilServed(file, 0)).toBe(0)
  expect(await untilServed(file, 20)).toBeGreaterThan(0)
  file.close()
})

it('is at the counter from before an enrolment is compared until it is written', async () => {
  const { hub } = await hubOfTwo()
  const { file } = partsOf(hub)
  const served: Promise<number | undefined>[] = []
  const onProgress = ({ step }: EnrolProgress) => {
    if (step === 'search') served.push(untilServed(file, 600_000).then(() => galleryState(hub)?.total))
  }
  await enrol(hub, somebody(2, firstOf(2)), { onProgress })
  expect(served.length).toBeGreaterThan(0)
  expect(new Set(await Promise.all(served))).toEqual(new Set([1]))
})
