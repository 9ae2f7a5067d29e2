import type { Engine, Gallery, Template } from 'sidik'
import { codedFinger, codedTemplate, secondCoded } from '../support/learned-templates.js'
import { random } from '../support/random-templates.js'

/** A template under its id. */
export interface Entry {
  readonly id: string
  readonly template: Template
}

/** So many fingers, f0 and up, each once, and those of `again` as often more as it says: f0-1, f0-2. */
export function entriesOf(seed: number, count: number, again: Readonly<Record<number, number>>): Entry[] {
  const next = random(seed)
  const fingers = Array.from({ length: count }, () => codedFinger(next, 18 + Math.floor(8 * next())))
  const entries = fingers.map((finger, i) => ({ id: `f${i}`, template: codedTemplate(finger) }))
  for (const [i, times] of Object.entries(again)) {
    for (let time = 1; time <= times; time++) {
      const template = codedTemplate(secondCoded(next, fingers[Number(i)]))
      // In the midst of the others.
      entries.splice(Math.floor(next() * entries.length), 0, { id: `f${i}-${time}`, template })
    }
  }
  return entries
}

export function filled(engine: Engine, entries: readonly Entry[]): Gallery {
  const gallery = engine.createGallery()
  for (const { id, template } of entries) gallery.insert(id, template)
  return gallery
}
