/** A station of a scenario: its keys lie beside its file, as a host would keep them elsewhere. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createIdentity, openStation } from '../../../dist/station/index.js'
import { entriesFrom, signedEntryOf } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { getPayload } from '../../../dist/station/store/payloads.js'

const KEY = new Uint8Array(32).fill(3)

export async function openIn(folder, id, options = {}) {
  const file = join(folder, `${id}.json`)
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, JSON.stringify(await createIdentity(id)))
    renameSync(`${file}.new`, file)
  }
  const identity = JSON.parse(readFileSync(file, 'utf8'))
  return openStation({ path: join(folder, `${id}.db`), key: KEY, identity, ...options })
}

/** Throws unless the journal is one chain, and what it names and what is kept are the same. */
export function assertWhole(station) {
  const { file, keys } = partsOf(station)
  let previous = ''
  const entries = entriesFrom(file, station.id, 1, 1e9).map(signedEntryOf)
  entries.forEach(({ header, hash }, i) => {
    if (header.sequence !== i + 1 || header.previous !== previous) throw new Error(`the chain breaks at ${i + 1}`)
    previous = Buffer.from(hash).toString('hex')
  })
  const named = file.all('SELECT DISTINCT hash FROM entry_payload')
  for (const { hash } of named) if (getPayload(file, keys, hash) === undefined) throw new Error('a payload is missing')
  const kept = file.get('SELECT count(*) AS count FROM payload').count
  if (kept !== named.length) throw new Error(`${kept} payloads are kept, ${named.length} are named`)
  if (file.pragma('integrity_check') !== 'ok') throw new Error('SQLite finds the file damaged')
}
