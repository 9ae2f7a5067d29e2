import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Message, MessageReader } from '../../../../dist/capture/adapters/libfprint/wire.js'
import { frameBytes, words } from './sender.js'

/** Messages with their bytes. */
const message: fc.Arbitrary<[Message, Uint8Array]> = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })).chain(([widthPx, heightPx]) =>
    fc
      .uint8Array({ minLength: widthPx * heightPx, maxLength: widthPx * heightPx })
      .map((data): [Message, Uint8Array] => {
        return [{ kind: 'frame', data, widthPx, heightPx }, frameBytes({ data, widthPx, heightPx, ppi: 500 })]
      }),
  ),
  fc
    .integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    .map((code): [Message, Uint8Array] => [{ kind: 'retry', code }, words(-1, code)]),
  fc.integer({ min: -9, max: 999 }).map((code): [Message, Uint8Array] => [{ kind: 'error', code }, words(-2, code)]),
  fc.boolean().map((on): [Message, Uint8Array] => [{ kind: 'automatic', on }, words(-3, on ? 7 : 0)]),
  fc.boolean().map((on): [Message, Uint8Array] => [{ kind: 'finger', on }, words(-4, on ? 1 : 0)]),
  fc.constant<[Message, Uint8Array]>([{ kind: 'removed' }, words(-5, 0)]),
)

describe('what is sent to a virtual image device', () => {
  it('is read as it was sent, wherever the parts are cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 60 })), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(([, part]) => part))
        const reader = new MessageReader()
        const read: Message[] = []
        let at = 0
        for (const cut of [...cuts, bytes.length + 1]) {
          read.push(...reader.read(bytes.subarray(at, at + cut)))
          at += cut
        }
        expect(read).toEqual(sent.map(([expected]) => expected))
        expect(reader.isAmid).toBe(false)
        expect([...reader.read(words(3, 3).subarray(0, 5))]).toEqual([])
        expect(reader.isAmid).toBe(true)
      }),
    )
  })

  it('is either understood or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.int32Array({ minLength: 2, maxLength: 40 }), numbers => {
        try {
          for (const { kind } of new MessageReader().read(new Uint8Array(numbers.buffer))) expect(kind).not.toBe('')
        } catch (error) {
          expect(error).toMatchObject({ code: 'DEVICE_PROTOCOL' })
        }
      }),
    )
    const sizes: [number, number][] = [
      [5_001, 1],
      [1, 2 ** 31 - 1],
      [5_000, 4_001],
      [-6, 0],
      [-(2 ** 31), 0],
      [3, -1],
      [0, -5],
    ]
    for (const [first, second] of sizes) {
      expect(() => [...new MessageReader().read(words(first, second))]).toThrow(
        expect.objectContaining({ code: 'DEVICE_PROTOCOL' }),
      )
    }
  })
})
