/** What a station needs of an engine, so that nothing of the station imports one: sync and print work without. */
import type { PersonGallery } from '../persons/person-gallery.js'
import type { Persons } from '../persons/persons.js'
import type { ImageInput, Minutia, Quality, Template } from '../types.js'

/** An engine of `sidik` is one. */
export interface Recogniser {
  extract(
    image: ImageInput,
    options?: { readonly ppi?: number; readonly signal?: AbortSignal },
  ): Promise<{ readonly template: Template; readonly quality: Quality; readonly minutiae: readonly Minutia[] }>
  explain(a: Template, b: Template): { readonly score: number; readonly pairs: readonly (readonly [number, number])[] }
  createGallery(): PersonGallery & { buildIndex(): Promise<void>; close(): void }
  personsOf(gallery: PersonGallery): Pick<Persons, 'size' | 'has' | 'enrol' | 'remove' | 'identifyPerson'>
}

const METHODS = ['extract', 'explain', 'createGallery', 'personsOf'] as const

/** @throws TypeError when it is given and no engine */
export function recogniserOf(name: string, value: Recogniser | undefined): Recogniser | undefined {
  if (value === undefined || METHODS.every(method => typeof value?.[method] === 'function')) return value
  throw new TypeError(`${name} must be an engine, made by createEngine`)
}
