/** The bytes of version 1, for ever: a bundle that was written once is read, and its manifest is still written so. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { addPeer, importBundle, inspectBundles, publicIdentity } from 'sidik/station'
import { afterAll, expect, it } from 'vitest'
import { signingKeyOf } from '../../../dist/station/identity.js'
import { encodeManifest, readManifest } from '../../../dist/station/media/manifest.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload, sha256 } from '../../../dist/station/store/payloads.js'
import { recordsIn, stationIn } from './stations.js'

const FOLDER = fileURLToPath(new URL('../../../fixtures/bundles/v1', import.meta.url))
const identities = JSON.parse(readFileSync(join(FOLDER, 'identities.json'), 'utf8'))
const parent = mkdtempSync(join(tmpdir(), 'sidik-fixture-'))
afterAll(() => rmSync(parent, { recursive: true }))

it('a bundle of version 1 is read', async () => {
  const contents = await inspectBundles({ folder: FOLDER })
  expect(contents).toMatchObject([{ from: 'kiosk-1', to: 'centre', parts: 1, bytes: 13_924, missing: [], damaged: [] }])
  const centre = await stationIn(parent, identities.centre)
  try {
    addPeer(centre, { ...(await publicIdentity(identities['kiosk-1'])), relation: 'downstream' })
    const { imported, failed } = await importBundle(centre, { folder: FOLDER })
    expect(failed).toEqual([])
    expect(imported).toMatchObject([{ bundle: contents[0].bundle, from: 'kiosk-1', entriesNew: 4, entriesKnown: 0 }])
    // The bytes in place of templates are none: nothing is done with those records, and the kiosk
    // is told why.
    expect([...recordsIn(centre)]).toEqual([])
    const declined = partsOf(centre).file.all<{ code: string }>('SELECT code FROM declined')
    expect(declined.map(({ code }) => code)).toEqual(['TEMPLATES_CORRUPT', 'TEMPLATES_CORRUPT'])
    const { file, keys } = partsOf(centre)
    const photo = Buffer.alloc(2_000, 'photo of record-2. ')
    expect(getPayload(file, keys, sha256(photo))?.equals(photo)).toBe(true)
  } finally {
    await centre.close()
  }
})

it('a manifest of version 1 is written as it was', () => {
  const name = readdirSync(FOLDER).find(each => /^[a-z2-7]{16}\.sidik$/.test(each))!
  const bytes = readFileSync(join(FOLDER, name))
  const read = readManifest(bytes, name)
  if ('what' in read) throw new Error(read.what)
  const { digest: _, signature: __, ...manifest } = read
  expect(encodeManifest(manifest, signingKeyOf(identities['kiosk-1'])).equals(bytes)).toBe(true)
})
