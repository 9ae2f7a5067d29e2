/** A client without a key learns nothing of which stations a hub knows. */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { createIdentity, type StationIdentity } from 'sidik/station'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Hub } from '../../../support/hub.js'
import { signedRequest } from '../../../support/signed-request.js'

let hub: Hub
beforeAll(async () => {
  hub = await Hub.open()
})
afterAll(() => hub.close())

const PATHS: [string, string][] = [
  ['POST', '/sync'],
  ['HEAD', '/sync/kiosk-1~x'],
  ['GET', '/sync/kiosk-1~x/answer'],
  ['PATCH', '/sync/x'],
]

/** The answer to a request that claims to be of `identity`, but for what is another each time. */
async function answerTo(identity: StationIdentity, method: string, path: string) {
  const headers: Record<string, string> = method === 'POST' ? { 'upload-length': '5' } : {}
  const request = await signedRequest(identity, { method, path, headers })
  const response = await fetch(`http://127.0.0.1:${hub.port}${path}`, { method, headers: request.headers })
  const fields = [...response.headers].map(([name, value]) => {
    const isOfTheTime = ['date', 'signature', 'signature-input'].includes(name)
    return [name, isOfTheTime ? value.replace(/created=\d+/, 'created').length : value]
  })
  return { status: response.status, fields, body: await response.text() }
}

it.each(PATHS)(
  '%s %s: an unknown id, a known one with another key, and one that was revoked are refused alike',
  async (method, path) => {
    const wrong = await createIdentity('kiosk-1')
    const unknown = await createIdentity('kiosk-2')
    const revoked = await createIdentity('kiosk-3')
    hub.keys.set('kiosk-3', hub.keys.get('kiosk-1')!)
    hub.keys.delete('kiosk-3')
    const answers: Awaited<ReturnType<typeof answerTo>>[] = []
    for (const identity of [wrong, unknown, revoked]) answers.push(await answerTo(identity, method, path))
    expect(answers[0].status).toBe(401)
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect(hub.received).toEqual([])
  },
)

it('costs the hub as many signatures to check and to make', async () => {
  const real = crypto.verify
  const verify = vi.fn(real)
  Object.assign(crypto, { verify })
  syncBuiltinESMExports()
  try {
    const counts: number[] = []
    for (const id of ['kiosk-1', 'kiosk-2']) {
      verify.mockClear()
      await answerTo(await createIdentity(id), 'POST', '/sync')
      counts.push(verify.mock.calls.length)
    }
    expect(counts).toEqual([1, 1])
  } finally {
    Object.assign(crypto, { verify: real })
    syncBuiltinESMExports()
  }
})
