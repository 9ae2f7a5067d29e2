import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Encrypter } from 'age-encryption'
import fc from 'fast-check'
import { SidikError } from 'sidik'
import { addPeer, openStation, receive } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { verifyKeyOf, verifyWith } from '../../../dist/station/identity.js'
import { jsonShape } from '../../../dist/station/sync/json-shape.js'
import { MAX_MESSAGE_BYTES, messageBytes, readMessage } from '../../../dist/station/sync/message.js'
import { openMessage, sealMessage } from '../../../dist/station/sync/seal.js'
import { acquaint, anomaliesOf, newPlace, twoPlaces } from './support.js'

const folder = new URL('../../../fixtures/messages/', import.meta.url)
const bytes = new Uint8Array(readFileSync(new URL('v1.message', folder)))
const sealed = new Uint8Array(readFileSync(new URL('v1.age', folder)))
const { message: stated, sender, receiver } = JSON.parse(readFileSync(new URL('v1.json', folder), 'utf8'))
const message = {
  ...stated,
  chunks: stated.chunks.map((chunk: { bytes: string }) => ({
    ...chunk,
    bytes: new Uint8Array(Buffer.from(chunk.bytes, 'hex')),
  })),
}

function codeOf(read: () => unknown): string {
  try {
    read()
    return 'none'
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
}

async function codeOfAsync(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    error => {
      if (error instanceof SidikError) return error.code
      throw error
    },
  )
}

/** The fixture with another text, as one who does not sign would write it. */
function withText(change: (text: Record<string, unknown>) => unknown): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = view.getUint32(6, true)
  const text = JSON.parse(new TextDecoder().decode(bytes.subarray(10, 10 + length)))
  const changed = Buffer.from(JSON.stringify(change(text)))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(changed.length)
  return Buffer.concat([bytes.subarray(0, 6), size, changed, bytes.subarray(10 + length)])
}

describe('a message of version 1', () => {
  it('is read as what it was written from, and written as it was', () => {
    const read = readMessage(bytes)
    expect(read.message).toEqual(message)
    expect(Buffer.from(messageBytes(message)).equals(read.signed)).toBe(true)
    const digest = createHash('sha256').update(read.signed).digest()
    expect(verifyWith(verifyKeyOf(sender), digest, read.signature)).toBe(true)
  })

  it('opens for whom it is sealed', async () => {
    const { path, key } = await newPlace('unused')
    const station = await openStation({ path: `${path}-hub`, key, identity: receiver })
    addPeer(station, { ...sender, relation: 'downstream' })
    expect(await openMessage(station, sealed)).toEqual(message)
    await station.close()
  })
})

describe('bytes that are no message', () => {
  it('are an error of ours, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (noise, isBehindMagic) => {
        const all = isBehindMagic ? Buffer.concat([bytes.subarray(0, 6), noise]) : noise
        expect(['MESSAGE_CORRUPT', 'MESSAGE_VERSION']).toContain(codeOf(() => readMessage(all)))
      }),
      { numRuns: 500 },
    )
  })

  it('are found where one byte of a message was changed, or it was cut: by its rules or by its signature', () => {
    const key = verifyKeyOf(sender)
    const at = fc.integer({ min: 0, max: bytes.length - 1 })
    fc.assert(
      fc.property(at, fc.integer({ min: 1, max: 255 }), (place, flip) => {
        const altered = new Uint8Array(bytes)
        altered[place] ^= flip
        try {
          const { signed, signature } = readMessage(altered)
          expect(verifyWith(key, createHash('sha256').update(signed).digest(), signature)).toBe(false)
        } catch (error) {
          expect((error as SidikError).code).toMatch(/^MESSAGE_(CORRUPT|VERSION)$/)
        }
        expect(codeOf(() => readMessage(bytes.subarray(0, place)))).toBe('MESSAGE_CORRUPT')
      }),
      { numRuns: 500 },
    )
  })

  it('are found where the text breaks a rule', () => {
    const hash = 'ab'.repeat(32)
    const breaks: ((text: Record<string, unknown>) => unknown)[] = [
      text => ({ ...text, v: 2 }),
      text => ({ ...text, extra: 1 }),
      text => ({ ...text, from: '../../etc' }),
      text => ({ ...text, nonce: 'short' }),
      text => ({ ...text, at: 'yesterday' }),
      text => ({ ...text, room: -1 }),
      text => ({ ...text, room: 1.5 }),
      text => ({ ...text, holds: [{ station: 'a', through: 1, hash: 'zz' }] }),
      text => ({ ...text, wants: Array.from({ length: 1_025 }, () => ({ hash, offset: 0 })) }),
      text => ({ ...text, entries: [{ header: 'x'.repeat(16_385), signature: `${'A'.repeat(86)}==` }] }),
      text => ({ ...text, chunks: [{ hash, offset: 0, size: 0 }] }),
      text => ({ ...text, chunks: [{ hash, offset: 0, size: 24 }] }),
      text => ({ ...text, chunks: [{ hash, offset: 0, size: 2 ** 31 }] }),
      text => ({ ...text, refusals: [{ station: 'a', sequence: 1, hash, code: 'because Siti' }] }),
      text => [text],
      () => null,
    ]
    expect(codeOf(() => readMessage(withText(text => text)))).toBe('none')
    for (const change of breaks) expect(codeOf(() => readMessage(withText(change)))).toBe('MESSAGE_CORRUPT')
    expect(codeOf(() => readMessage(withText(text => ({ ...text, wants: [[[[[]]]]] }))))).toBe('MESSAGE_CORRUPT')
  })

  it('are refused before they are read when they are too long, or of a newer version', () => {
    expect(codeOf(() => readMessage(new Uint8Array(MAX_MESSAGE_BYTES + 1)))).toBe('MESSAGE_CORRUPT')
    const newer = new Uint8Array(bytes)
    newer[4] = 2
    expect(codeOf(() => readMessage(newer))).toBe('MESSAGE_VERSION')
  })

  it('nest no deeper than is told', () => {
    expect(jsonShape('[{"a":"[[[[\\"[["},[]]').depth).toBe(2)
    expect(jsonShape('["\\\\",["a"]]').depth).toBe(2)
    expect(jsonShape('['.repeat(1_000_000)).depth).toBe(1_000_000)
    fc.assert(fc.property(fc.jsonValue(), value => jsonShape(JSON.stringify(value)).depth === depthOf(value)))
  })
})

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe('what came sealed', () => {
  it('is an error of ours when it is not for us, not of a peer, or not signed by whom it names', async () => {
    const { kiosk, hub } = await twoPlaces()
    const other = await newPlace('kiosk-2')
    const toHub = { ...message, from: 'kiosk-1', to: 'hub' }
    // The kiosk's own words, sealed for another station: it does not even open.
    acquaint(other, await newPlace('hub-2'))
    expect(await codeOfAsync(openMessage(other.station, await sealMessage(kiosk.station, toHub)))).toBe(
      'MESSAGE_NOT_FOR_US',
    )
    // Sealed for the hub, addressed to another.
    const encrypter = new Encrypter()
    encrypter.addRecipient(hub.known.sealTo)
    const misaddressed = Buffer.concat([messageBytes({ ...message, to: 'elsewhere' }), new Uint8Array(64)])
    expect(await codeOfAsync(receive(hub.station, await encrypter.encrypt(misaddressed)))).toBe('MESSAGE_NOT_FOR_US')
    const stranger = Buffer.concat([messageBytes({ ...message, from: 'stranger', to: 'hub' }), new Uint8Array(64)])
    expect(await codeOfAsync(receive(hub.station, await encrypter.encrypt(stranger)))).toBe('PEER_UNKNOWN')
    const forged = Buffer.concat([messageBytes(toHub), new Uint8Array(64).fill(3)])
    expect(await codeOfAsync(receive(hub.station, await encrypter.encrypt(forged)))).toBe('MESSAGE_FORGED')
    expect(anomaliesOf(hub)).toEqual(['message-forged'])
  })

  it('is an error of ours whatever it is', async () => {
    const { hub } = await twoPlaces()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(sealed.length - 1), async (noise, cut) => {
        const beginnings = [noise, sealed.subarray(0, cut), Buffer.concat([sealed.subarray(0, cut), noise])]
        for (const each of beginnings) expect(await codeOfAsync(receive(hub.station, each))).toMatch(/^MESSAGE_/)
      }),
      { numRuns: 30 },
    )
  })
})
