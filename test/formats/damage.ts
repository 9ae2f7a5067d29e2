/** Damaged records, and what becomes of them. */
import fc from 'fast-check'
import { SidikError } from 'sidik'
import type { Deviation, ReadOptions } from 'sidik/formats'
import { expect } from 'vitest'
import { FUZZ_RUNS } from './fuzzing.js'

/** Spaces part the fields. */
export function fromHex(...lines: string[]): Uint8Array {
  return new Uint8Array(Buffer.from(lines.join('').replaceAll(' ', ''), 'hex'))
}

export function changed(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(values, offset)
  return copy
}

/** The bytes cut before each of them. */
export function everyCut(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, length) => bytes.subarray(0, length))
}

/** The bytes with each bit of them turned, and each of them 0 and 255. */
export function everyByteChanged(bytes: Uint8Array): Uint8Array[] {
  const bits = [1, 2, 4, 8, 16, 32, 64, 128]
  return [...bytes].flatMap((byte, at) =>
    [0, 0xff, ...bits.map(bit => byte ^ bit)].map(value => changed(bytes, at, value)),
  )
}

const REFUSALS = ['RECORD_FORMAT', 'RECORD_VERSION', 'RECORD_CORRUPT']

/**
 * What becomes of bytes: the code of their refusal, 'deviates' or 'read'. Fails when anything else is thrown, when what was read is
 * not written byte for byte, or when reading without a listener takes what deviates.
 */
export function outcomeOfReading<T extends object>(
  bytes: Uint8Array,
  read: (bytes: Uint8Array, options?: ReadOptions) => T,
  write: (record: T) => Uint8Array,
): string {
  const heard: Deviation[] = []
  const heeded = attempt(() => read(bytes, { onDeviation: deviation => heard.push(deviation) }))
  const strictly = attempt(() => read(bytes))
  if (typeof heeded === 'string') {
    expect(REFUSALS).toContain(heeded)
    expect(strictly).toBe(heard.length > 0 ? 'RECORD_CORRUPT' : heeded)
    return heeded
  }
  expect(Buffer.compare(write(heeded), bytes)).toBe(0)
  if (heard.length > 0) expect(strictly).toBe('RECORD_CORRUPT')
  else expect(typeof strictly).toBe('object')
  return heard.length > 0 ? 'deviates' : 'read'
}

function attempt<T>(read: () => T): T | string {
  try {
    return read()
  } catch (error) {
    if (error instanceof SidikError) return error.code
    throw error
  }
}

/** How often each outcome came of FUZZ_RUNS inputs; a long run says so. */
export function countOutcomes(
  name: string,
  inputs: fc.Arbitrary<Uint8Array>,
  outcomeOf: (bytes: Uint8Array) => string,
): Record<string, number> {
  const counts: Record<string, number> = {}
  fc.assert(
    fc.property(inputs, bytes => {
      const outcome = outcomeOf(bytes)
      counts[outcome] = (counts[outcome] ?? 0) + 1
    }),
    { numRuns: FUZZ_RUNS },
  )
  if (process.env.SIDIK_FUZZ_RUNS) console.log(name, counts)
  return counts
}
