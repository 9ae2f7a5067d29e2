/** The handle that all functions of `sidik/station` take. What it can do is in those functions. */
import type { KeyObject } from 'node:crypto'
import { SidikError } from '../errors.js'
import type { PersonIndex } from './check/person-index.js'
import type { Clock } from './clock.js'
import type { Recogniser } from './recogniser.js'
import type { DataKeys } from './store/data-keys.js'
import type { StationFile } from './store/database.js'
import type { StationIdentity } from './types.js'

/** @internal What `openStation` puts together. */
export interface StationParts {
  readonly file: StationFile
  readonly keys: DataKeys
  readonly identity: StationIdentity
  readonly signingKey: KeyObject
  readonly clock: Clock
  /** Absent where the host gave none: then prints come as templates, and duplicates are looked for in `index` alone. */
  readonly recogniser?: Recogniser | undefined
  /** Absent where the host gave none: then a station with a recogniser has one beside its file. */
  readonly index?: PersonIndex | undefined
}

/** Made by `openStation`. Several processes may have one station open. */
export class Station {
  readonly #parts: StationParts
  readonly #closing: (() => void | Promise<void>)[] = []

  /** @internal */
  constructor(parts: StationParts) {
    this.#parts = parts
  }

  get id(): string {
    return this.#parts.identity.id
  }

  /** Of its file. */
  get path(): string {
    return this.#parts.file.path
  }

  /** Of the database and the keys. What was acknowledged stays; calls from now on throw STATION_CLOSED. */
  async close(): Promise<void> {
    const closing = this.#closing.splice(0)
    for (const close of closing) await close()
    this.#parts.file.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal Called, last come first served, before the file is closed. */
  onClose(close: () => void | Promise<void>): void {
    this.#closing.unshift(close)
  }

  /** @internal @throws SidikError STATION_CLOSED */
  parts(): StationParts {
    if (this.#parts.file.isOpen) return this.#parts
    throw new SidikError('STATION_CLOSED', `station ${this.id} was closed`)
  }
}

/**
 * @internal What the functions of the station work with.
 * @throws TypeError when it is no station
 * @throws SidikError STATION_CLOSED
 */
export function partsOf(station: Station): StationParts {
  if (station instanceof Station) return station.parts()
  throw new TypeError('station must be a Station, made by openStation')
}
