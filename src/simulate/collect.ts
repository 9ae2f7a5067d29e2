/** What lies in a station's file after the outage, read from its tables and checked by node:crypto alone where that can be done. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { openStation, type Station, verifyStation } from '../station/index.js'
import { partsOf } from '../station/station.js'
import { getPayload } from '../station/store/payloads.js'
import type { PublicIdentity } from '../station/types.js'
import type { Setting } from './actor.js'
import type { CaseFact, CheckFact, EntryFact, ReceiptFact, RecordFact, StationFacts } from './facts.js'

/** Of DER before the 32 bytes of an Ed25519 key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const sha256 = (...parts: (string | Uint8Array)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** Checks signatures of stations by their keys; one that lies in several files is computed once. */
export class Signatures {
  readonly #keys: ReadonlyMap<string, KeyObject>
  readonly #checked = new Map<string, boolean>()

  constructor(identities: readonly PublicIdentity[]) {
    this.#keys = new Map(
      identities.map(({ id, verifyKey }) => {
        const der = Buffer.concat([SPKI_PREFIX, Buffer.from(verifyKey, 'base64')])
        return [id, createPublicKey({ key: der, format: 'der', type: 'spki' })]
      }),
    )
  }

  /** Whether the station signed these bytes. */
  isOf(station: string, signed: Uint8Array, signature: Uint8Array): boolean {
    const name = `${station} ${hex(signed)} ${hex(signature)}`
    let isOf = this.#checked.get(name)
    if (isOf === undefined) {
      const key = this.#keys.get(station)
      isOf = key !== undefined && verify(null, signed, key, signature)
      this.#checked.set(name, isOf)
    }
    return isOf
  }
}

/**
 * The facts of a station whose process is gone.
 *
 * @param hub whose receipts count
 */
export async function collectFacts(setting: Setting, signatures: Signatures, hub: string): Promise<StationFacts> {
  const station = await openStation({
    path: setting.path,
    key: setting.key,
    identity: setting.identity,
    existing: true,
  })
  try {
    const parts = partsOf(station)
    const { file } = parts
    const payloads = file.all<{ hash: Uint8Array }>('SELECT hash FROM payload')
    const held = payloads.map(({ hash }) => hex(sha256(getPayload(file, parts.keys, hash)!)))
    const gallery = file.all<{ record: string }>('SELECT record FROM gallery_entry WHERE templates IS NOT NULL')
    const refused = file.all<{ hash: Uint8Array }>(
      'SELECT hash FROM refusal JOIN journal USING (station, sequence) UNION SELECT hash FROM declined',
    )
    return {
      id: station.id,
      entries: file
        .all<JournalRow>('SELECT header, signature FROM journal ORDER BY station, sequence')
        .map(entryFact(signatures)),
      records: file
        .all<RecordRow>(
          `SELECT id, record.station, hash, nik_tag, client_state, transport_state, centre_state
           FROM record JOIN journal USING (station, sequence) ORDER BY id`,
        )
        .map(recordFact),
      receipts: file
        .all<ReceiptRow>('SELECT * FROM receipt WHERE peer = ? AND stands = 1', hub)
        .map(receiptFact(signatures, hub, station.id)),
      cases: file
        .all<CaseRow>(
          `SELECT kind, record, other, closed_at IS NULL AS open FROM identity_case WHERE word_of = ?
           ORDER BY record, other, kind`,
          hub,
        )
        .map(({ kind, record, other, open }) => ({ kind, record, other, isOpen: open === 1 })),
      checks: new Map(
        file
          .all<CheckRow>(
            `SELECT record, templates, decision FROM record_check WHERE word_of = ?
             AND decision NOT IN ('awaited', 'elsewhere', 'waived')`,
            hub,
          )
          .map(checkFact),
      ),
      unchecked: new Set(file.all<{ record: string }>('SELECT record FROM check_due').map(({ record }) => record)),
      payloads: new Set(held),
      gallery: new Set(gallery.map(({ record }) => record)),
      refused: refused.map(({ hash }) => hex(hash)),
      damage: await damageOf(station),
    }
  } finally {
    await station.close()
  }
}

async function damageOf(station: Station): Promise<string[]> {
  const { ok, findings } = await verifyStation(station)
  return ok ? [] : findings.map(({ code, message }) => `${code}: ${message}`)
}

interface CaseRow extends Pick<CaseFact, 'kind' | 'record' | 'other'> {
  readonly open: 0 | 1
}

interface CheckRow {
  readonly record: string
  readonly templates: Uint8Array | null
  readonly decision: string
}

const checkFact = ({ record, templates, decision }: CheckRow): [string, CheckFact] => [
  record,
  { templates: templates === null ? undefined : hex(templates), decision },
]

interface JournalRow {
  readonly header: Uint8Array
  readonly signature: Uint8Array
}

interface Header {
  readonly station: string
  readonly sequence: number
  readonly previous: string
  readonly kind: string
  readonly direction: string
  readonly record?: string
  readonly to?: string
  readonly payloads: readonly { readonly role: string; readonly hash: string }[]
}

const entryFact =
  (signatures: Signatures) =>
  ({ header, signature }: JournalRow): EntryFact => {
    const said = JSON.parse(Buffer.from(header).toString()) as Header
    const hash = sha256('sidik-journal-1\n', header)
    const { station, sequence, previous, kind, direction, record, to, payloads } = said
    return {
      station,
      sequence,
      hash: hex(hash),
      previous,
      isSigned: signatures.isOf(station, hash, signature),
      kind,
      direction,
      record,
      to,
      payloads: payloads.map(payload => payload.hash),
      templates: payloads.find(({ role }) => role === 'templates')?.hash,
    }
  }

interface RecordRow {
  readonly id: string
  readonly station: string
  readonly hash: Uint8Array
  readonly nik_tag: Uint8Array | null
  readonly client_state: string
  readonly transport_state: string
  readonly centre_state: string | null
}

const recordFact = (row: RecordRow): RecordFact => ({
  record: row.id,
  station: row.station,
  hash: hex(row.hash),
  nikTag: row.nik_tag === null ? '' : hex(row.nik_tag),
  clientState: row.client_state,
  transportState: row.transport_state,
  centreState: row.centre_state ?? undefined,
})

interface ReceiptRow {
  readonly station: string
  readonly sequence: number
  readonly hash: Uint8Array
  readonly received_at: string
  readonly signature: Uint8Array
}

/** As src/station/sync/receipt.ts draws what is signed. */
const receiptFact =
  (signatures: Signatures, from: string, to: string) =>
  (row: ReceiptRow): ReceiptFact => {
    const { station, sequence } = row
    const hash = hex(row.hash)
    const signed = JSON.stringify({ from, to, station, sequence, hash, receivedAt: row.received_at })
    return { hash, isSigned: signatures.isOf(from, sha256('sidik-receipt-1\n', signed), row.signature) }
  }
