import { afterEach, describe, expect, it } from 'vitest'
import { HttpMiddle } from '../../../support/http-middle.js'
import { Hub } from '../../../support/hub.js'
import { bytesOf, expectSame, failure } from '../contract.js'

/** Clocks of stations are wrong by hours and days; the hub's is the one that counts. */

const HOUR_MS = 3_600_000

describe('a station whose clock is wrong', () => {
  const closing: (() => Promise<unknown>)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })

  async function hubOf(now: () => number) {
    const hub = await Hub.open({ now })
    closing.push(() => hub.close())
    const middle = await HttpMiddle.to(() => hub.port)
    closing.push(() => middle.close())
    return { hub, middle, transport: hub.transport({ port: middle.port }) }
  }

  it.each([-20 * 24 * HOUR_MS, -HOUR_MS, HOUR_MS, 400 * 24 * HOUR_MS])(
    'by %i ms is told the time once, and heard',
    async ms => {
      const { middle, transport } = await hubOf(() => Date.now() + ms)
      expectSame(await transport.exchange(bytesOf(1, 100), {}), bytesOf(1, 100))
      const refusals = () => middle.responses.filter(({ headers }) => headers['sidik-refusal'] === 'clock').length
      expect(refusals()).toBe(1)
      expectSame(await transport.exchange(bytesOf(2, 100_000), {}), bytesOf(2, 100_000))
      expect(refusals()).toBe(1)
    },
  )

  it('is heard by a hub that has just begun', async () => {
    const { transport } = await hubOf(Date.now)
    expectSame(await transport.exchange(bytesOf(1, 100), {}), bytesOf(1, 100))
  })

  it('is heard again after the hub was set right in the middle', async () => {
    let aheadMs = 48 * HOUR_MS
    const { transport } = await hubOf(() => Date.now() + aheadMs)
    await transport.exchange(bytesOf(1, 100), {})
    aheadMs = 49 * HOUR_MS
    expectSame(await transport.exchange(bytesOf(2, 100), {}), bytesOf(2, 100))
  })

  it('believes no time that the hub did not sign', async () => {
    const { middle, transport } = await hubOf(() => Date.now() + HOUR_MS)
    middle.alterResponse = ({ headers }) => {
      if (headers['sidik-time'] !== undefined) headers['sidik-time'] = '1'
    }
    expect((await failure(transport.exchange(bytesOf(1, 100), {}))).code).toBe('LINE_PROTOCOL')
  })

  it('does not go on for ever with a hub whose clock leaps', async () => {
    let leaps = 0
    const { transport } = await hubOf(() => Date.now() + HOUR_MS * leaps++)
    expect((await failure(transport.exchange(bytesOf(1, 100), {}))).code).toBe('LINE_REFUSED')
  })
})
