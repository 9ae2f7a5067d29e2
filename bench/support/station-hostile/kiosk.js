/** A kiosk that a hub knows, and that signs with its real keys what no program of ours writes. */
import { randomBytes } from 'node:crypto'
import { signHeader } from '../../../dist/station/journal/entry.js'
import { entriesFrom } from '../../../dist/station/journal/read.js'
import { partsOf } from '../../../dist/station/station.js'
import { sha256 } from '../../../dist/station/store/payloads.js'
import { sealMessage } from '../../../dist/station/sync/seal.js'

export const AT = '2026-01-02T03:04:05.678Z'

/** Bytes of entries in one message, about: two thirds of the text that a receiver takes. */
const TEXT_BYTES = 8_000_000
const MOST_ENTRIES = 4_096

export class HostileKiosk {
  #station
  #to
  #last
  /** Headers of the entries that its journal holds already; those made here follow them. */
  before

  /** @param station an open station; entries that follow its journal are made outside its file */
  constructor(station, to) {
    const rows = entriesFrom(partsOf(station).file, station.id, 1, 1_000)
    const { sequence, hash } = rows.at(-1)
    this.#station = station
    this.#to = to
    this.#last = { sequence, hash: Buffer.from(hash).toString('hex') }
    this.before = rows.map(({ header, signature }) => ({
      header: Buffer.from(header).toString(),
      signature: Buffer.from(signature).toString('base64'),
    }))
  }

  /** The entry that follows, signed, as it is sent. `body` in bytes; absent for a header alone. */
  entry({ kind, direction = 'up', body, ...rest }) {
    const header = {
      v: 1,
      station: this.#station.id,
      sequence: this.#last.sequence + 1,
      previous: this.#last.hash,
      at: AT,
      kind,
      direction,
      ...(body && { body: { hash: sha256(body).toString('hex'), size: body.length } }),
      payloads: [],
      ...rest,
    }
    const { headerBytes, hash, signature } = signHeader(header, partsOf(this.#station).signingKey)
    this.#last = { sequence: header.sequence, hash: hash.toString('hex') }
    return {
      header: headerBytes.toString(),
      signature: signature.toString('base64'),
      ...(body && { body: body.toString() }),
    }
  }

  /** A message that says nothing but what is given. */
  message(said) {
    return {
      v: 1,
      from: this.#station.id,
      to: this.#to,
      nonce: randomBytes(16).toString('base64url'),
      at: AT,
      room: 1_048_576,
      holds: [],
      gaps: [],
      entries: [],
      wants: [],
      chunks: [],
      lacks: [],
      asks: [],
      receipts: [],
      refusals: [],
      more: false,
      ...said,
    }
  }

  seal(message) {
    return sealMessage(this.#station, message)
  }

  /** Entries in as few messages as they fit in. */
  messagesOf(entries) {
    const messages = []
    let [part, bytes] = [[], 0]
    for (const entry of entries) {
      const size = entry.header.length + (entry.body?.length ?? 0) * 1.1
      if (part.length >= MOST_ENTRIES || (part.length > 0 && bytes + size > TEXT_BYTES)) {
        messages.push(this.message({ entries: part }))
        ;[part, bytes] = [[], 0]
      }
      part.push(entry)
      bytes += size
    }
    return [...messages, this.message({ entries: part })]
  }
}
