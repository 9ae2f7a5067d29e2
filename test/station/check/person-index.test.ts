import { createIdentity, openStation } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { engineForTests } from '../../support/engine.js'
import { KEY, newPath } from '../enrol/support.js'
import { remoteIndex } from './remote-index.ts'

const engine = await engineForTests()

const open = async (options: object) =>
  openStation({ path: newPath(), key: KEY, identity: await createIdentity('3276-01'), ...options })

describe('an index that is given', () => {
  const index = remoteIndex({ url: 'http://127.0.0.1:9/' })

  it.each<[string, unknown]>([
    ['no object', 7],
    ['null', null],
    ['an engine', () => engine],
    ...Object.keys(index).map(name => [`without ${name}`, { ...index, [name]: undefined }] as [string, unknown]),
  ])('must be one: %s', async (_, value) => {
    const given = typeof value === 'function' ? value() : value
    await expect(open({ index: given as never })).rejects.toThrow(/^index must be a PersonIndex/)
    await expect(open({ index: given as never })).rejects.toBeInstanceOf(TypeError)
  })

  it.each<[unknown, typeof RangeError]>([
    [99, RangeError],
    [600_001, RangeError],
    [Number.NaN, RangeError],
    ['1000', TypeError],
  ])('must answer within a deadline that is one: %s', async (deadlineMs, kind) => {
    await expect(open({ index, check: { deadlineMs: deadlineMs as number } })).rejects.toThrow('check.deadlineMs')
    await expect(open({ index, check: { deadlineMs: deadlineMs as number } })).rejects.toBeInstanceOf(kind)
  })
})
