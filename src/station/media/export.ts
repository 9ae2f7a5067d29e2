/** A bundle of all that a peer has not acknowledged, for a stick. */
import { abortSignal, callback, fileName, readOptions, wholeNumber } from '../../options.js'
import { append } from '../journal/append.js'
import { partsOf, type Station } from '../station.js'
import { forgetAnswers } from '../sync/answers-out.js'
import { Course, compose, MOST_MESSAGE_BYTES } from '../sync/compose.js'
import { type Ground, groundFor } from '../sync/ground.js'
import type { Message } from '../sync/message-schema.js'
import { unsentFor } from '../sync/outbox.js'
import { signedMessage } from '../sync/seal.js'
import { sealBundle } from './bundle-stream.js'
import { encodeManifest, MOST_PART_BYTES } from './manifest.js'
import { newBundleId } from './names.js'
import { CHUNK_BYTES, PartWriter } from './part-writer.js'
import { awaitedPayloads } from './wanted.js'

/** 1 GiB: a quarter of the largest file of FAT32. */
const DEFAULT_PART_BYTES = 2 ** 30

/** Half of the largest message: an import takes each in one transaction, which is to be short. */
const MESSAGE_BYTES = MOST_MESSAGE_BYTES / 2

export interface ExportOptions {
  /** The peer that the bundle is for. */
  readonly to: string
  /** Folder of the stick. It must exist; other bundles may lie there. */
  readonly folder: string
  /** Most bytes of a part, 256 KiB to 4 GiB - 1 (the largest file of FAT32); 1 GiB unless given. */
  readonly partBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ExportProgress) => void
}

export interface ExportProgress {
  readonly bundle: string
  /** Of journals, so far. */
  readonly entries: number
  /** Written so far. */
  readonly bytes: number
}

export interface ExportedBundle {
  readonly bundle: string
  readonly to: string
  /** Names in the folder, the manifest first. They belong together. */
  readonly files: readonly string[]
  /** Of journals, with contents or only to keep the chain whole. */
  readonly entries: number
  /** Templates, images and the like. */
  readonly payloads: number
  /** Of what the peer had sent. */
  readonly receipts: number
  readonly refusals: number
  /** Of all parts together. */
  readonly bytes: number
}

/**
 * Writes all that a peer has not acknowledged, and what it waits to hear of what it sent, into a folder, sealed for it. Records stay
 * `waiting` until the peer's receipts are here, which its own bundle brings, or a line; what else is recorded meanwhile is in it too or not.
 * The same may be exported, and sent over a line, any number of times.
 *
 * After an error, an abort or a kill no bundle is in the folder; after a kill, the next export removes what is left of it. Two processes must
 * not export into one folder at the same time.
 *
 * @throws TypeError, RangeError for options that are not as they must be; the reason of the signal
 * @throws SidikError PEER_UNKNOWN, MEDIA_FULL, FILE_UNWRITABLE (the stick is gone, protected or damaged), STATION_CLOSED, STATION_FULL
 */
export async function exportBundle(station: Station, options: ExportOptions): Promise<ExportedBundle> {
  const { to, folder, partBytes, signal, onProgress } = optionsOf(options)
  const ground = groundFor(station, to)
  const { identity, signingKey } = partsOf(station)
  const bundle = newBundleId()
  const writer = new PartWriter({ folder, station: identity.id, bundle, partBytes })
  const course = new Course()
  course.wants = awaitedPayloads(ground)
  // What went once more with a bundle that may be lost goes with this one.
  ground.file.run('UPDATE again SET nonce = NULL WHERE peer = ?', to)
  const begins = new Map(unsentFor(ground).map(part => [part.station, part.from]))
  const tally = { entries: 0, receipts: 0, refusals: 0, bytes: 0 }
  try {
    await writer.clean(signal)
    for await (const piece of sealBundle(bundle, messagesFor(station, to, course, tally), ground.peer.sealTo)) {
      signal?.throwIfAborted()
      await writer.write(piece)
      tally.bytes += piece.length
      onProgress?.({ bundle, entries: tally.entries, bytes: tally.bytes })
    }
    const files = await writer.finish(parts =>
      encodeManifest({ bundle, from: identity.id, to, chunkBytes: CHUNK_BYTES, parts }, signingKey),
    )
    const exported = { bundle, to, files, payloads: course.written.size, ...tally }
    noteExported(ground, exported, course, begins)
    return exported
  } catch (error) {
    await writer.discard()
    throw error
  }
}

function optionsOf(options: ExportOptions) {
  const asked = readOptions('exportBundle', options, ['to', 'folder', 'partBytes', 'signal', 'onProgress'])
  const folder = fileName('folder', asked.folder)
  if (folder === undefined) throw new TypeError('folder must be the name of a folder')
  if (typeof asked.to !== 'string') throw new TypeError('to must be the id of a peer')
  const partBytes = wholeNumber('partBytes', asked.partBytes ?? DEFAULT_PART_BYTES, CHUNK_BYTES, MOST_PART_BYTES)
  const signal = abortSignal('signal', asked.signal)
  signal?.throwIfAborted()
  return { to: asked.to, folder, partBytes, signal, onProgress: callback('onProgress', asked.onProgress) }
}

/** Signed messages, each made when there is room for it, until nothing is left to say. */
function* messagesFor(
  station: Station,
  to: string,
  course: Course,
  tally: { entries: number; receipts: number; refusals: number },
): Generator<Uint8Array> {
  let message: Message
  do {
    message = compose(station, to, { maxBytes: MESSAGE_BYTES, course }).message
    tally.entries += message.entries.length
    tally.receipts += message.receipts.length
    tally.refusals += message.refusals.length
    yield signedMessage(station, message)
  } while (message.more)
}

/** The peer's answers count as said now, and not before. */
function noteExported(
  ground: Ground,
  { bundle, to, entries, payloads, bytes }: ExportedBundle,
  course: Course,
  begins: ReadonlyMap<string, number>,
): void {
  const journals = [...course.through].map(([station, through]) => ({
    station,
    from: begins.get(station) ?? 1,
    through,
  }))
  ground.file.transaction(() => {
    forgetAnswers(ground, course.answers)
    append(ground.station, {
      kind: 'exported',
      direction: 'local',
      body: { peer: to, bundle, entries, payloads, bytes, journals },
    })
  })
}
