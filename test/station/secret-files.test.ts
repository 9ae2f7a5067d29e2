import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { limits, openStation, rotateKey, saveDraft, status, verifyStation } from 'sidik/station'
import { expect, it } from 'vitest'
import { bytes, copyStation, flipBit, KEY, record, stationWith } from './files.js'

it('no file of a station, nor what it says of itself, holds personal data, templates or keys', async () => {
  const templates = bytes(3_000, 77)
  const { station, path, identity } = await stationWith(2)
  saveDraft(station, { nik: '3276010101900777', person: { name: 'Siti Rahasia' }, operator: 'operator-7' })
  record(station, 'one', { payload: templates, nik: '3276010101900777' })
  // As after a power cut, with a log that is damaged: it is kept beside the file.
  const copy = copyStation(path)
  flipBit(`${copy}-wal`, readFileSync(`${copy}-wal`).length - 3_000, 2)
  const damaged = await openStation({ path: copy, key: KEY, identity })
  const newKey = bytes(32, 5)
  rotateKey(damaged, newKey)
  const said = JSON.stringify([status(damaged), limits(damaged), await verifyStation(damaged)])

  const names = readdirSync(dirname(copy)).filter(name => name.startsWith(basename(copy)))
  expect(names.filter(name => /\.db$|-wal$|\.mark$|-wal\.damaged-/.test(name))).toHaveLength(4)
  const seed = identity.signingKey.split('\n')[1]
  const secrets = ['Siti Rahasia', '3276010101900777', 'operator-7', seed, identity.openingKey]
  const raw = [
    templates.subarray(100, 132),
    KEY.subarray(0, 16),
    newKey.subarray(0, 16),
    Buffer.from(seed, 'base64').subarray(-32),
  ]
  for (const name of names) {
    const content = readFileSync(join(dirname(copy), name))
    for (const secret of [...secrets, ...raw])
      expect(content.includes(Buffer.from(secret)), `${name}: ${secret}`).toBe(false)
  }
  for (const secret of secrets) expect(said).not.toContain(secret)
  await damaged.close()
  await station.close()
})
