import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { issue } from '../../../support/certificates.js'
import type { Faults } from './device.js'
import { errorAnswer } from './device-parts.js'
import { base64url, jws, publicPem, testPki } from './pki.js'
import { device, pki, refusal, second, thumbs } from './thumbs.js'

const stranger = await testPki()

const signedBy = (signer = pki.device, options: Parameters<typeof jws>[2] = { chain: [pki.provider] }): Faults => ({
  statement: payload => jws(payload, signer, options),
})

function replaced(part: number, change: (text: string) => string): Faults {
  const statement: Faults['statement'] = (payload, i) => {
    const parts = jws(payload, pki.device, { chain: [pki.provider] }).split('.')
    if (i === 1) parts[part] = change(parts[part])
    return parts.join('.')
  }
  return { statement }
}

describe('a capture that was tampered with', () => {
  it('is none: the same without a change is taken', async () => {
    expect(await thumbs({})).toHaveLength(2)
    expect(await thumbs(signedBy())).toHaveLength(2)
    expect(await thumbs(replaced(1, text => text))).toHaveLength(2)
  })

  const flipped = (text: string) => (text[20] === 'A' ? 'B' : 'A')
  it.each<[string, Faults]>([
    [
      'a changed payload',
      replaced(1, text => base64url(Buffer.from(text, 'base64url').toString().replace('66', '96'))),
    ],
    ['a changed signature', replaced(2, text => `${text.slice(0, 20)}${flipped(text)}${text.slice(21)}`)],
    ['no signature', replaced(2, () => '')],
    [
      'a signature of another key',
      signedBy(stranger.device, { chain: [pki.provider], header: { x5c: [pki.device.der, pki.provider.der] } }),
    ],
    ['the certificates of others', signedBy(stranger.device, { chain: [stranger.provider] })],
    ['no certificate', signedBy(pki.device, { header: { x5c: [] } })],
    ['no way to a trusted one', signedBy(pki.device, { chain: [] })],
    ['no statement', { statement: payload => base64url(JSON.stringify(payload)) }],
    ['alg none', signedBy(pki.device, { header: { alg: 'none' } })],
    ['a digital id of others', { captured: second(() => ({ digitalId: jws(device.digitalId(), stranger.chip) })) }],
    [
      'an unsigned digital id',
      { captured: second(() => ({ digitalId: base64url(JSON.stringify(device.digitalId())) })) },
    ],
    ['another transaction', { captured: second(() => ({ transactionId: 'abcd-1234' })) }],
    ['another device', { captured: second(() => ({ deviceCode: '0' })) }],
    [
      'another digital id',
      { captured: second(() => ({ digitalId: jws({ ...device.digitalId(), serialNo: '9' }, pki.chip) })) },
    ],
    [
      'a changed hash',
      { biometrics: list => list.map((one, i) => ({ ...one, hash: i === 1 ? 'A'.repeat(64) : one.hash })) },
    ],
    [
      'a hash in small letters',
      { biometrics: list => list.map(one => ({ ...one, hash: String(one.hash).toLowerCase() })) },
    ],
    ['no hash', { biometrics: list => list.map(one => ({ ...one, hash: '' })) }],
    ['prints in another order', { biometrics: list => list.reverse() }],
    ['what the device says', { biometrics: () => errorAnswer({ errorCode: '103' }).biometrics }],
  ])('by %s', async (_, faults) => {
    expect(await refusal(faults)).toMatch(/^CAPTURE_TAMPERED/)
  })

  it('by a signature with what is no secret', async () => {
    const statement = (payload: object) => {
      const head = base64url(JSON.stringify({ alg: 'HS256', x5c: [pki.device.der, pki.provider.der] }))
      const signed = `${head}.${base64url(JSON.stringify(payload))}`
      return `${signed}.${createHmac('sha256', publicPem(pki.device)).update(signed).digest('base64url')}`
    }
    expect(await refusal({ statement })).toMatch(/^CAPTURE_TAMPERED.*anybody could/)
    expect(await refusal({ statement }, { trust: undefined })).toMatch(/^CAPTURE_TAMPERED/)
  })

  it('by certificates that do not hold', async () => {
    const over = await issue('Over', { issuer: pki.provider, notAfter: new Date('2024-01-01T00:00:00Z') })
    const early = await issue('Early', { issuer: pki.provider, notBefore: new Date('2110-01-01T00:00:00Z') })
    const byDevice = await issue('By a device', { issuer: pki.device })
    const oldProvider = await issue('Old', {
      issuer: pki.root,
      mayIssue: true,
      notAfter: new Date('2024-01-01T00:00:00Z'),
    })
    const byOld = await issue('By an old one', { issuer: oldProvider })
    const { name } = pki.provider
    const namesake = await issue('Namesake', { issuer: { ...stranger.provider, name } })
    const options = { chain: [pki.provider] }
    expect(await refusal(signedBy(over, options))).toMatch(/CAPTURE_TAMPERED.*CN=Over.* is valid from/)
    expect(await refusal(signedBy(early, options))).toMatch(/CAPTURE_TAMPERED.*CN=Early.* is valid from/)
    const chain = [pki.device, pki.provider]
    expect(await refusal(signedBy(byDevice, { chain }))).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
    expect(await refusal(signedBy(byOld, { chain: [oldProvider] }))).toMatch(/CAPTURE_TAMPERED.*CN=Old.* is valid/)
    expect(await refusal(signedBy(namesake, options))).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
    const root = { device: oldProvider.pem }
    expect(await refusal(signedBy(byOld, {}), { trust: root })).toMatch(/CAPTURE_TAMPERED.*CN=Old.* is valid/)
  })

  it('by certificates of those who may not issue them', async () => {
    const leaf = await issue('Leaf', { issuer: pki.provider, usage: 'unsaid' })
    const noIssuer = await issue('No issuer', { issuer: pki.provider, mayIssue: true, usage: 'signatures' })
    for (const issuer of [leaf, noIssuer]) {
      const faults = signedBy(await issue('Below', { issuer }), { chain: [issuer, pki.provider] })
      expect(await refusal(faults)).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
      const trust = { device: issuer.pem }
      expect(await refusal(faults, { trust })).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
    }
    const misnamed = await issue('Misnamed', { issuer: { ...pki.provider, name: 'Another name' } })
    const faults = signedBy(misnamed, { chain: [pki.provider] })
    expect(await refusal(faults)).toMatch(/CAPTURE_TAMPERED.*no trusted certificate/)
  })

  it('by nothing, where certificates hold at the time of the clock', async () => {
    const shortly = await issue('Shortly', { issuer: pki.provider, notAfter: new Date(Date.now() + 60_000) })
    const faults = signedBy(shortly, { chain: [pki.provider] })
    expect(await thumbs(faults)).toHaveLength(2)
    const clock = () => new Date(Date.now() + 120_000)
    expect(await refusal(faults, { clock })).toMatch(/CAPTURE_TAMPERED.*CN=Shortly/)
  })

  it('by nothing, whatever of the way is trusted', async () => {
    for (const trusted of [pki.root, pki.provider, pki.device]) {
      expect(await thumbs({}, { trust: { device: trusted.pem } })).toHaveLength(2)
    }
    const bundle = `${stranger.root.pem}\n${pki.root.pem}`
    expect(await thumbs({}, { trust: { device: bundle } })).toHaveLength(2)
    expect(await thumbs({}, { trust: { device: [stranger.root.pem, pki.root.pem] } })).toHaveLength(2)
  })

  it('by nothing, where it is signed in another of the good ways', async () => {
    const [rsa, ed25519] = await Promise.all(
      (['RS256', 'EdDSA'] as const).map(algorithm => issue(algorithm, { issuer: pki.provider, algorithm })),
    )
    for (const signer of [rsa, { ...rsa, algorithm: 'PS256' as const }, ed25519]) {
      expect(await thumbs(signedBy(signer, { chain: [pki.provider] }))).toHaveLength(2)
      const wrong = signedBy(signer, { chain: [pki.provider], header: { alg: 'ES256' } })
      expect(await refusal(wrong)).toMatch(/^CAPTURE_TAMPERED/)
    }
  })

  it('by a key that is too short to trust', async () => {
    const short = await issue('Short', { issuer: pki.provider, algorithm: 'RS256', rsaBits: 1024 })
    expect(await refusal(signedBy(short, { chain: [pki.provider] }))).toMatch(/^CAPTURE_TAMPERED/)
  })
})
