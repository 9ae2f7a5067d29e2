import { createPrivateKey } from 'node:crypto'
import type { SidikError } from 'sidik'
import { createIdentity, publicIdentity } from 'sidik/station'
import { describe, expect, it } from 'vitest'
import { signingKeyOf, signWith, verifyKeyOf, verifyWith } from '../../dist/station/identity.js'

/** RFC 8032, 7.1, test 2. */
const RFC_SEED = '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'
const RFC_PUBLIC = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'
const RFC_SIGNATURE =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'

const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(RFC_SEED, 'hex')])
const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
  format: 'pem',
  type: 'pkcs8',
}) as string

const code = (error: unknown) => (error as SidikError).code
const caught = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('keys of a station', () => {
  it('sign as RFC 8032 does, and give its public key', async () => {
    const { openingKey } = await createIdentity('a')
    const identity = { id: 'a', signingKey: pem, openingKey }
    const signature = signWith(signingKeyOf(identity), Uint8Array.of(0x72))
    expect(Buffer.from(signature).toString('hex')).toBe(RFC_SIGNATURE)
    const { verifyKey } = await publicIdentity(identity)
    expect(Buffer.from(verifyKey, 'base64').toString('hex')).toBe(RFC_PUBLIC)
    expect(verifyWith(verifyKeyOf({ id: 'a', verifyKey }), Uint8Array.of(0x72), signature)).toBe(true)
    expect(verifyWith(verifyKeyOf({ id: 'a', verifyKey }), Uint8Array.of(0x73), signature)).toBe(false)
  })

  it('are new each time, and their public half says nothing of them', async () => {
    const [a, b] = [await createIdentity('a'), await createIdentity('a')]
    expect(a.signingKey).not.toBe(b.signingKey)
    expect(a.openingKey).not.toBe(b.openingKey)
    const known = await publicIdentity(a)
    expect(Object.keys(known)).toEqual(['id', 'verifyKey', 'sealTo'])
    expect(JSON.stringify(known)).not.toContain(a.openingKey.slice(16, 40))
  })

  it.each(['', '.', '..', 'a b', 'ä', '../x', 'x'.repeat(65), undefined, 5])(
    'are not made for a station called %j',
    async id => {
      await expect(createIdentity(id as string)).rejects.toThrow(TypeError)
    },
  )

  it.each([
    ['no PEM', 'nothing'],
    ['an empty text', ''],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ])('that are %s are named, not repeated', async (_, signingKey) => {
    const { openingKey } = await createIdentity('a')
    const error = await caught(() => publicIdentity({ id: 'a', signingKey, openingKey }))
    expect(code(error)).toBe('STATION_IDENTITY')
    expect((error as Error).message).not.toContain(signingKey || '\0')
  })

  it('of an RSA pair, of age and of base64 that is none are refused without repeating them', async () => {
    const identity = await createIdentity('a')
    const secret = 'AGE-SECRET-KEY-1WRONG'
    const error = await caught(() => publicIdentity({ ...identity, openingKey: secret }))
    expect(code(error)).toBe('STATION_IDENTITY')
    expect(`${(error as Error).stack}${(error as Error).cause}`).not.toContain('WRONG')
    for (const verifyKey of ['', '.', '..', 'AAAA', `${'A'.repeat(43)}`, `${'A'.repeat(42)}B=`, '!'.repeat(44)]) {
      expect(code(await caught(() => verifyKeyOf({ id: 'a', verifyKey })))).toBe('STATION_IDENTITY')
    }
  })
})
