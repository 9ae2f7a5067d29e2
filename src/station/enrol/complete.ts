/** The way from prints to a record that `enrol`, `resumeDraft` and `correct` share: extract, search, write; nothing half. */
import { abortSignal, callback, falseMatchRate, oneOf, readOptions } from '../../options.js'
import type { MissingReason } from '../../persons/types.js'
import { localGalleryOf } from '../check/local-gallery.js'
import { type Searched, searchPerson } from '../check/search.js'
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

/** Searches and then writes: nobody else is searched or written between. `write` is synchronous, so that no signal comes between either. */
export async function searchThen<T>(
  station: Station,
  fingers: readonly RecordedFinger[],
  options: EnrolOptions,
  write: (searched: Searched) => T,
  without?: string,
): Promise<T> {
  const parts = partsOf(station)
  const { signal, onProgress } = options
  const gallery = localGalleryOf(station)
  const work = async () => {
    const searched = await searchPerson(parts, gallery, fingers, options, without === undefined ? [] : [without])
    signal?.throwIfAborted()
    return write(searched)
  }
  if (gallery === undefined) return work()
  const onLoad = () => {
    const { loaded, total } = gallery.state
    onProgress?.({ step: 'load', done: loaded, total })
  }
  try {
    return await gallery.withAll(work, { signal, onLoad: onProgress && onLoad })
  } finally {
    gallery.catchUp()
  }
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
