/** The way from prints to a record that `enrol`, `resumeDraft` and `correct` share: extract, search, write; nothing half. */
import { SidikError } from '../../errors.js'
import { abortSignal, callback, falseMatchRate, oneOf, readOptions } from '../../options.js'
import type { MissingReason } from '../../persons/types.js'
import { within } from '../../within.js'
import { localGalleryOf } from '../check/local-gallery.js'
import { INDEX_UNAVAILABLE, type Searched, searchPerson } from '../check/search.js'
import { isIndexFailure } from '../check/station-index.js'
import { atCounter } from '../counter.js'
import { TEMPLATES_ROLE } from '../project/gallery.js'
import { partsOf, type Station, type StationParts } from '../station.js'
import { type PayloadReference, putPayload } from '../store/payloads.js'
import type { Contents } from './contents.js'
import { type Extracted, extractFingers, type ReadyFinger } from './extract.js'
import { KEPT_IMAGES } from './images.js'
import { encodeTemplates, type RecordedFinger } from './templates-payload.js'
import type { EnrolOptions, Exceptions, GivenFinger } from './types.js'

/** @throws TypeError, RangeError naming the option */
export function readEnrolOptions(call: string, options: EnrolOptions | undefined): EnrolOptions {
  const asked = readOptions(call, options, ['images', 'targetFpir', 'signal', 'onProgress'])
  const { images, targetFpir, onProgress } = asked
  const signal = abortSignal('signal', asked.signal)
  callback('onProgress', onProgress)
  return {
    ...(images !== undefined && { images: oneOf('images', images, KEPT_IMAGES) }),
    ...(targetFpir !== undefined && { targetFpir: falseMatchRate('targetFpir', targetFpir) }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  }
}

/** @throws TypeError when a finger's image would need an engine, and there is none */
export function assertExtractable({ recogniser }: StationParts, fingers: readonly GivenFinger[]): void {
  const without = fingers.findIndex(({ template }) => template === undefined)
  if (recogniser !== undefined || without < 0) return
  throw new TypeError(`fingers[${without}] has no template, and the station was opened without an engine`)
}

/** The fingers extracted, told of one by one. */
export async function extractAll(
  { recogniser }: StationParts,
  fingers: readonly GivenFinger[],
  { images = 'wsq', signal, onProgress }: EnrolOptions,
): Promise<Extracted> {
  let done = 0
  const onExtracted = () => onProgress?.({ step: 'extract', done: ++done, total: fingers.length })
  return extractFingers(recogniser, fingers, { images, signal, onExtracted })
}

/** All ten, those without a template with the reason: what was excepted, and what an operator let pass. */
export function recordedFingers(ready: readonly ReadyFinger[], exceptions: Exceptions): RecordedFinger[] {
  const given = ready.map(
    ({ position, template }): RecordedFinger =>
      template === undefined ? { position, missing: 'unreadable' } : { position, template },
  )
  const missing = Object.entries(exceptions).map(
    ([position, reason]): RecordedFinger => ({ position: Number(position), missing: reason }),
  )
  return [...given, ...missing].sort((a, b) => a.position - b.position)
}

export function exceptionsOf(fingers: readonly RecordedFinger[]): Record<string, MissingReason> {
  return Object.fromEntries(fingers.flatMap(({ position, missing }) => (missing ? [[position, missing]] : [])))
}

/**
 * Searches and then writes: nobody else is searched or written between. `write` is synchronous, so
 * that no signal comes between either. Where the index of persons fails, or does not answer within
 * the deadline, what is written was compared with nobody, and is due to be.
 */
export async function searchThen<T>(
  station: Station,
  fingers: readonly RecordedFinger[],
  options: EnrolOptions,
  write: (searched: Searched) => T,
  record?: string,
): Promise<T> {
  const parts = partsOf(station)
  const { signal, onProgress } = options
  const without = record === undefined ? [] : [record]
  const gallery = localGalleryOf(station)
  if (gallery === undefined) return write(await searchPerson(parts, gallery, fingers, options, without))
  const onLoad = () => {
    const { loaded, total } = gallery.state
    onProgress?.({ step: 'load', done: loaded, total })
  }
  const timeoutMs = gallery.deadlineMs
  const late = new SidikError('INDEX_UNAVAILABLE', `the index of persons has not answered within ${timeoutMs} ms`)
  let written: { readonly result: T } | undefined
  try {
    await within({ timeoutMs, signal, late }, until => {
      const searching = async () => {
        const searched = await searchPerson(parts, gallery, fingers, { ...options, signal: until }, without)
        until.throwIfAborted()
        written = { result: write(searched) }
      }
      const turn = { signal: until, onLoad: onProgress && onLoad, mayRest: true }
      return atCounter(parts.file, () => gallery.withAll(searching, turn))
    })
  } catch (error) {
    if (written === undefined && !isIndexFailure(error)) throw error
  } finally {
    gallery.catchUp()
  }
  if (written !== undefined) return written.result
  signal?.throwIfAborted()
  return write(await searchPerson(parts, INDEX_UNAVAILABLE, fingers, options))
}

/** The payloads of a version; to be called in its transaction. */
export function putPayloads(
  { file, keys }: StationParts,
  given: {
    readonly fingers: readonly RecordedFinger[]
    readonly images: readonly ReadyFinger[]
    readonly photo?: Uint8Array | undefined
    readonly signature?: Uint8Array | undefined
  },
): PayloadReference[] {
  const { fingers, images, photo, signature } = given
  const put = (role: string, bytes: Uint8Array | undefined) => bytes && putPayload(file, keys, role, bytes)
  return [
    put(TEMPLATES_ROLE, encodeTemplates(fingers)),
    ...images.map(({ position, image }) => put(`finger-${position}`, image)),
    put('photo', photo),
    put('signature', signature),
  ].filter(reference => reference !== undefined)
}

/** What the record says of each finger that was given. */
export function fingersOf(ready: readonly ReadyFinger[]): Contents['fingers'] {
  return [...ready]
    .sort((a, b) => a.position - b.position)
    .map(({ position, quality, minutiae }) => ({ position, quality, minutiae }))
}
