/** What a station needs of an engine, so that nothing of the station imports one: sync and print work without. */
import type { PersonGallery } from '../persons/person-gallery.js'
import type { Persons } from '../persons/persons.js'
import type { GrayImage, ImageInput, Minutia, Quality, Template } from '../types.js'

/**
 * Work on images that takes up to seconds: an engine does it in its threads, so that the calling
 * one goes on.
 */
export interface ImageWork {
  decode(image: ImageInput, options?: { readonly ppi?: number; readonly signal?: AbortSignal }): Promise<GrayImage>
  encodeWsq(image: GrayImage, options?: { readonly signal?: AbortSignal }): Promise<Uint8Array>
}

/** A gallery whose changes are on the disk when they are acknowledged. */
export type PersistentGallery = PersonGallery & {
  buildIndex(): Promise<void>
  compact(): Promise<void>
  close(): Promise<void>
}

/** An engine of `sidik` is one. */
export interface Recogniser extends ImageWork {
  extract(
    image: ImageInput,
    options?: { readonly ppi?: number; readonly signal?: AbortSignal },
  ): Promise<{ readonly template: Template; readonly quality: Quality; readonly minutiae: readonly Minutia[] }>
  explain(a: Template, b: Template): { readonly score: number; readonly pairs: readonly (readonly [number, number])[] }
  createGallery(): PersonGallery & { buildIndex(): Promise<void>; close(): void }
  openDurableGallery(
    folder: string,
    options: { readonly create: boolean; readonly key: Uint8Array },
  ): Promise<PersistentGallery>
  personsOf(
    gallery: PersonGallery,
  ): Pick<Persons, 'size' | 'ids' | 'incomplete' | 'enrol' | 'remove' | 'identifyPerson'>
}

const METHODS = [
  'extract',
  'decode',
  'encodeWsq',
  'explain',
  'createGallery',
  'openDurableGallery',
  'personsOf',
] as const

/** @throws TypeError when it is given and no engine */
export function recogniserOf(name: string, value: Recogniser | undefined): Recogniser | undefined {
  if (value === undefined || METHODS.every(method => typeof value?.[method] === 'function')) return value
  throw new TypeError(`${name} must be an engine, made by createEngine`)
}
