import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addPeer,
  createIdentity,
  exportBundle,
  hostTransport,
  openStation,
  publicIdentity,
  receive,
  revokePeer,
  type Station,
  sync,
} from 'sidik/station'
import { afterAll, expect, it } from 'vitest'
import { KEY, newPath, record } from '../files.ts'
import { attackersKeys, codeOf, edit, type Opened, openedOf, tampered, WHEN } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sidik-guard-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A kiosk whose records its hub has all acknowledged. */
async function kioskAndHub(): Promise<{ kiosk: Opened; hub: Station }> {
  const hub = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('hub') })
  const kiosk = await openStation({ path: newPath(), key: KEY, identity: await createIdentity('kiosk') })
  addPeer(kiosk, { ...(await publicIdentity(idOf(hub))), relation: 'upstream' })
  addPeer(hub, { ...(await publicIdentity(idOf(kiosk))), relation: 'downstream' })
  for (let i = 0; i < 3; i++) record(kiosk, `record-${i}`)
  await sync(
    kiosk,
    hostTransport('here', message => receive(hub, message)),
  )
  return { kiosk: openedOf(kiosk), hub }
}

const idOf = (station: Station) => openedOf(station).identity

const { sealTo, verifyKey } = await attackersKeys()

const EDITS: readonly (readonly [string, ...string[]])[] = [
  ['sealed for another', `UPDATE peer SET seal_to = '${sealTo}'`, 'DELETE FROM acknowledged'],
  ['another key of the peer', `UPDATE peer SET verify_key = '${verifyKey}'`],
  ['the peer below instead of above', `UPDATE peer SET relation = 'downstream'`],
  [
    'one more peer',
    `INSERT INTO peer (id, relation, verify_key, seal_to)
     VALUES ('attacker', 'downstream', '${verifyKey}', '${sealTo}')`,
  ],
  ['no peer', 'DELETE FROM peer'],
  [
    'one more that is vouched for',
    `INSERT INTO vouched (station, verify_key, seal_to, voucher, via, relation)
     VALUES ('attacker', '${verifyKey}', '${sealTo}', 'hub', 'hub', 'upstream')`,
  ],
  [
    'a trigger that changes the peer at the next entry',
    `CREATE TRIGGER t AFTER INSERT ON journal BEGIN UPDATE peer SET seal_to = '${sealTo}'; END`,
  ],
  [
    'the same under the name of a table of statistics',
    `INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_stat_t', 'journal', 0,
       'CREATE TRIGGER sqlite_stat_t AFTER INSERT ON journal BEGIN UPDATE peer SET seal_to = ''${sealTo}''; END')`,
    'PRAGMA schema_version = 10000',
  ],
  [
    'a view in the place of the peers',
    'DROP TABLE peer',
    `CREATE VIEW peer AS
     SELECT 'hub' AS id, 'upstream' AS relation, '${verifyKey}' AS verify_key, '${sealTo}' AS seal_to`,
  ],
  ['a data key too many', `INSERT INTO data_key SELECT 9, 'content', sealed FROM data_key WHERE number = 2`],
  ['another name for the station', `INSERT INTO meta VALUES ('refold', 'again')`],
]

for (const when of WHEN) {
  it.each(EDITS)(
    `${when}: %s: nothing is sealed for anybody, and nothing a peer says is believed`,
    async (...named) => {
      const [, ...statements] = named as [string, ...string[]]
      const { kiosk, hub } = await kioskAndHub()
      const stick = mkdtempSync(join(folder, 'stick-'))
      const said: Uint8Array[] = []
      const transport = hostTransport('attacker', message => {
        said.push(message)
        return receive(hub, message)
      })
      const failed = await codeOf(() => tampered(kiosk, when, statements))
      if (when === 'closed') expect(failed).toMatch(/^STATION_(ALTERED|KEY)$/)
      else {
        expect(failed).toBeUndefined()
        expect(await codeOf(() => exportBundle(kiosk.station, { to: 'hub', folder: stick }))).toMatch(
          /^STATION_ALTERED/,
        )
        const { stopped } = await sync(kiosk.station, transport, { retry: { attempts: 1 } }).catch(error => ({
          stopped: error as { code: string },
        }))
        expect(stopped?.code).toBe('STATION_ALTERED')
        expect(() => record(kiosk.station, 'one-more')).toThrow(expect.objectContaining({ code: 'STATION_ALTERED' }))
      }
      expect(said).toEqual([])
      expect(readdirSync(stick)).toEqual([])
      await kiosk.station.close()
      await hub.close()
    },
  )
}

it('takes the statistics of a tool that ran ANALYZE for what they are', async () => {
  const { kiosk, hub } = await kioskAndHub()
  await kiosk.station.close()
  edit(kiosk.path, 'PRAGMA analysis_limit = 0; ANALYZE')
  const again = await openStation({ path: kiosk.path, key: KEY, identity: kiosk.identity, existing: true })
  record(again, 'one-more')
  await again.close()
  await hub.close()
})

for (const when of WHEN) {
  it(`${when}: a revocation that is taken out is missed`, async () => {
    const { kiosk, hub } = await kioskAndHub()
    addPeer(kiosk.station, { ...(await publicIdentity(await createIdentity('lost'))), relation: 'downstream' })
    revokePeer(kiosk.station, 'lost', { reason: 'stolen', operator: 'operator-7' })
    const failed = await codeOf(() => tampered(kiosk, when, ['DELETE FROM revoked']))
    if (when === 'closed') expect(failed).toBe('STATION_ALTERED')
    else expect(await codeOf(() => exportBundle(kiosk.station, { to: 'lost', folder }))).toBe('STATION_ALTERED')
    await Promise.all([kiosk.station.close(), hub.close()])
  })
}

it('other processes of the same station change what it knows, and all go on', async () => {
  const { kiosk, hub } = await kioskAndHub()
  const other = await openStation({ path: kiosk.path, key: KEY, identity: kiosk.identity })
  for (let i = 0; i < 3; i++) {
    record(other, `other-${i}`)
    record(kiosk.station, `mine-${i}`)
    addPeer(other, { ...(await publicIdentity(await createIdentity(`below-${i}`))), relation: 'downstream' })
  }
  const { stopped } = await sync(
    kiosk.station,
    hostTransport('here', message => receive(hub, message)),
  )
  expect(stopped).toBeUndefined()
  await Promise.all([other, kiosk.station, hub].map(station => station.close()))
})
