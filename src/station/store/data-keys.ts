/**
 * The keys that seal what is in the file. The host's key seals only these, so that a change of the host's key is one small transaction
 * however much is stored; from then on a new data key seals what is new, and what was sealed before stays as it is.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { SidikError } from '../../errors.js'
import type { StationFile } from './database.js'
import { KEY_BYTES, keyNumberOf, seal, unseal } from './seal.js'

type Purpose = 'content' | 'tags'

interface KeyRow {
  readonly number: number
  readonly purpose: Purpose
  readonly sealed: Uint8Array
}

/** Number of the host's key in what it seals: it is none of the data keys. */
const HOST_KEY = 0

export class DataKeys {
  readonly #file: StationFile
  readonly #content = new Map<number, Uint8Array>()
  #newest = 0
  #tags = new Uint8Array(0)

  /** @throws SidikError STATION_KEY when `hostKey` does not open the keys in the file */
  constructor(file: StationFile, hostKey: Uint8Array) {
    this.#file = file
    const rows = () => file.all<KeyRow>('SELECT number, purpose, sealed FROM data_key ORDER BY number')
    if (rows().length === 0) {
      file.transaction(() => {
        if (rows().length > 0) return
        insert(file, hostKey, 1, 'tags', randomBytes(KEY_BYTES))
        insert(file, hostKey, 2, 'content', randomBytes(KEY_BYTES))
      })
    }
    for (const row of rows()) this.#take(row, hostKey)
  }

  seal(plain: Uint8Array, context: string): Buffer {
    return seal(this.#content.get(this.#newest)!, this.#newest, plain, context)
  }

  /** @throws SidikError STATION_CORRUPT when the bytes were altered, or belong elsewhere */
  unseal(sealed: Uint8Array, context: string): Buffer {
    const key = this.#content.get(keyNumberOf(sealed) ?? HOST_KEY) ?? this.#keyOfAnother(sealed)
    const plain = key && unseal(key, sealed, context)
    if (plain !== undefined) return plain
    throw new SidikError('STATION_CORRUPT', `${this.#file.path}: ${context} was altered: it does not open`)
  }

  /** The keyed hash by which something can be found without being readable: HMAC-SHA-256 (RFC 2104). */
  tag(text: string): Buffer {
    return createHmac('sha256', this.#tags).update(text).digest()
  }

  /** Seals all data keys under another key of the host, and begins a new one. To be called in a transaction. */
  renew(hostKey: Uint8Array): void {
    const number = Math.max(...this.#file.all<KeyRow>('SELECT number FROM data_key').map(row => row.number)) + 1
    const key = randomBytes(KEY_BYTES)
    for (const [old, content] of this.#content) reseal(this.#file, hostKey, old, 'content', content)
    const tags = this.#file.get<KeyRow>(`SELECT number FROM data_key WHERE purpose = 'tags'`)!
    reseal(this.#file, hostKey, tags.number, 'tags', this.#tags)
    insert(this.#file, hostKey, number, 'content', key)
    this.#content.set(number, key)
    this.#newest = number
  }

  #take({ number, purpose, sealed }: KeyRow, hostKey: Uint8Array): void {
    const key = unseal(hostKey, sealed, contextOf(number, purpose))
    if (key === undefined) {
      throw new SidikError('STATION_KEY', `${this.#file.path} was sealed with another key, or its keys were altered`)
    }
    if (purpose === 'tags') this.#tags = new Uint8Array(key)
    else {
      this.#content.set(number, key)
      this.#newest = number
    }
  }

  /** Another process has renewed the keys since this one opened the file: it must be opened again with the new key. */
  #keyOfAnother(sealed: Uint8Array): undefined {
    const number = keyNumberOf(sealed)
    if (number === undefined || number <= this.#newest) return undefined
    const known = this.#file.get(`SELECT 1 FROM data_key WHERE number = ? AND purpose = 'content'`, number)
    if (known === undefined) return undefined
    throw new SidikError('STATION_KEY', `${this.#file.path} has been given another key: open it again with that`)
  }
}

function contextOf(number: number, purpose: Purpose): string {
  return `data key ${number} for ${purpose}`
}

function insert(file: StationFile, hostKey: Uint8Array, number: number, purpose: Purpose, key: Uint8Array): void {
  const sealed = seal(hostKey, HOST_KEY, key, contextOf(number, purpose))
  file.run('INSERT INTO data_key (number, purpose, sealed) VALUES (?, ?, ?)', number, purpose, sealed)
}

function reseal(file: StationFile, hostKey: Uint8Array, number: number, purpose: Purpose, key: Uint8Array): void {
  const sealed = seal(hostKey, HOST_KEY, key, contextOf(number, purpose))
  file.run('UPDATE data_key SET sealed = ? WHERE number = ?', sealed, number)
}
