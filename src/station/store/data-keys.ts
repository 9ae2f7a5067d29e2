/**
 * The keys that seal what is in the file. The host's key seals only these, so that a change of the host's key is one small transaction
 * however much is stored; from then on a new data key seals what is new, and what was sealed before stays as it is.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { SidikError } from '../../errors.js'
import type { StationFile } from './database.js'
import { Mac } from './mac.js'
import { KEY_BYTES, keyNumberOf, seal, unseal } from './seal.js'

type Purpose = 'content' | 'tags'

interface KeyRow {
  readonly number: number
  readonly purpose: Purpose
  readonly sealed: Uint8Array
}

/** Number of the host's key in what it seals: it is none of the data keys. */
const HOST_KEY = 0

const MAC_BYTES = 16

/** Text from which the key of tags derives the key of MACs. No other tag is made of it. */
const MACS = 'sidik macs 1'

/** MACs where the key that they are made with is damaged: none that is in the file is right. */
const NO_MACS = new Mac(new Uint8Array(0))

/** Text from which the key of the index of persons is derived. No other tag is made of it. */
const INDEX = 'sidik index of persons 1'

export class DataKeys {
  readonly #file: StationFile
  readonly #rows = new Map<number, KeyRow>()
  readonly #content = new Map<number, Uint8Array>()
  #newest = 0
  #tags = new Uint8Array(0)
  #macs: Mac | undefined
  #isOld = false
  #isGuarded = false

  /**
   * @param onDamaged is told of keys that do not open, where others do; without it that is an error
   * @throws SidikError STATION_KEY when `hostKey` does not open the keys in the file
   */
  constructor(file: StationFile, hostKey: Uint8Array, onDamaged?: (number: number) => void) {
    this.#file = file
    if (rowsOf(file).length === 0) {
      file.transaction(() => {
        if (rowsOf(file).length > 0) return
        insert(file, hostKey, 1, 'tags', randomBytes(KEY_BYTES))
        insert(file, hostKey, 2, 'content', randomBytes(KEY_BYTES))
      })
    }
    this.adopt(hostKey, onDamaged)
  }

  /** Reads the keys, for which {@link renew} has given the host another key. */
  adopt(hostKey: Uint8Array, onDamaged?: (number: number) => void): void {
    this.#isOld = false
    this.#isGuarded = false
    const damaged = rowsOf(this.#file).filter(row => !this.#take(row, hostKey))
    const opened = this.#tags.length > 0 || this.#content.size > 0
    if (damaged.length > 0 && (onDamaged === undefined || !opened)) {
      throw new SidikError('STATION_KEY', `${this.#file.path} was sealed with another key, or its keys were altered`)
    }
    for (const { number } of damaged) onDamaged?.(number)
  }

  /** Numbers of the keys that are not in a file as they were when these were read. */
  changedSinceOpened(file: StationFile): number[] {
    const now = new Map(rowsOf(file).map(({ number, sealed }) => [number, sealed]))
    return [...this.#rows.values()].filter(row => !isSame(now.get(row.number), row.sealed)).map(({ number }) => number)
  }

  /** @throws SidikError STATION_KEY when another process has renewed the keys */
  seal(plain: Uint8Array, context: string): Buffer {
    if (newestOf(this.#file) !== this.#newest) throw renewed(this.#file)
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

  /** Whether they are sealed as versions before 6 did, which knew no guard. */
  get isOld(): boolean {
    return this.#isOld
  }

  /** Whether some are sealed in either way: no version of this program leaves a file so. */
  get isMixed(): boolean {
    return this.#isOld && this.#isGuarded
  }

  /** False where the key that MACs are made with is damaged. */
  get hasMacs(): boolean {
    return this.#macs !== undefined
  }

  /**
   * The MAC of a text: HMAC-SHA-256, cut to 128 bits (RFC 2104, section 5), under a key of its own
   * that no change of keys changes.
   */
  mac(text: string): Buffer {
    return (this.#macs ?? NO_MACS).of(text).subarray(0, MAC_BYTES)
  }

  /** Key that seals the index of persons, which lies beside the file: 32 bytes. No change of keys changes it. */
  indexKey(): Buffer {
    return this.tag(INDEX)
  }

  /** Sealed keys as they lie in the file. */
  sealedKeys(): Uint8Array[] {
    return rowsOf(this.#file).map(({ sealed }) => sealed)
  }

  /** Seals all data keys under another key of the host, and begins a new one. To be called in a transaction; after it, {@link adopt}. */
  renew(hostKey: Uint8Array): void {
    const file = this.#file
    for (const [number, key] of this.#content) reseal(file, hostKey, number, 'content', key)
    const { number } = file.get<KeyRow>(`SELECT number FROM data_key WHERE purpose = 'tags'`)!
    reseal(file, hostKey, number, 'tags', this.#tags)
    insert(file, hostKey, newestOf(file) + 1, 'content', randomBytes(KEY_BYTES))
  }

  /** The number of the key that seals now. */
  get newest(): number {
    return this.#newest
  }

  /**
   * Takes out keys that seal nothing any more. To be called in a transaction.
   *
   * @returns them as they were sealed
   */
  forgetBefore(number: number): Uint8Array[] {
    const old = rowsOf(this.#file).filter(row => row.purpose === 'content' && row.number < number)
    this.#file.run(`DELETE FROM data_key WHERE purpose = 'content' AND number < ?`, number)
    for (const each of [...this.#content.keys()]) {
      if (each >= number) continue
      this.#content.delete(each)
      this.#rows.delete(each)
    }
    return old.map(({ sealed }) => sealed)
  }

  #take(row: KeyRow, hostKey: Uint8Array): boolean {
    const { number, purpose, sealed } = row
    const old = unseal(hostKey, sealed, oldContextOf(number, purpose))
    const key = old ?? unseal(hostKey, sealed, contextOf(number, purpose))
    if (key === undefined) return false
    if (old !== undefined) this.#isOld = true
    else this.#isGuarded = true
    this.#rows.set(number, row)
    if (purpose === 'tags') {
      this.#tags = new Uint8Array(key)
      this.#macs = new Mac(this.tag(MACS))
    } else {
      this.#content.set(number, key)
      this.#newest = number
    }
    return true
  }

  /** Another process may have renewed the keys since this one opened the file: it must be opened again with the new key. */
  #keyOfAnother(sealed: Uint8Array): undefined {
    const number = keyNumberOf(sealed)
    if (number === undefined || number <= this.#newest || number > newestOf(this.#file)) return undefined
    throw renewed(this.#file)
  }
}

function rowsOf(file: StationFile): KeyRow[] {
  return file.all<KeyRow>('SELECT number, purpose, sealed FROM data_key ORDER BY number')
}

function newestOf(file: StationFile): number {
  return file.get<KeyRow>('SELECT number FROM data_key ORDER BY number DESC LIMIT 1')?.number ?? 0
}

function renewed(file: StationFile): SidikError {
  return new SidikError('STATION_KEY', `${file.path} has been given another key: open it again with that`)
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}

/**
 * A guarded file's keys open as such alone: it cannot be given out for one of an older version,
 * which is believed as it stands.
 */
function contextOf(number: number, purpose: Purpose): string {
  return `data key ${number} for ${purpose} of a guarded file`
}

function oldContextOf(number: number, purpose: Purpose): string {
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
