import { createEngine, type Engine, type FingerInput, type Gallery, type Persons, type Template } from 'sidik'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { codedFinger, codedTemplate } from '../support/learned-templates.js'
import { captured, newHands } from '../support/people.js'
import { random } from '../support/random-templates.js'

vi.setConfig({ testTimeout: 30_000 })

const next = random(21)
const people = Array.from({ length: 3 }, () => captured(next, newHands(next)))
const [ada, bea, cem] = people

/** A gallery whose changes take their time, and fail when they are told to. */
class SlowGallery {
  readonly #gallery: Gallery
  /** Changes that still succeed. */
  left = Infinity

  constructor(gallery: Gallery) {
    this.#gallery = gallery
  }

  get size() {
    return this.#gallery.size
  }
  ids = () => this.#gallery.ids()
  get = (id: string) => this.#gallery.get(id)
  search: Gallery['search'] = (probe, options) => this.#gallery.search(probe, options)
  compareMany: Gallery['compareMany'] = (all, options) => this.#gallery.compareMany(all, options)

  async insert(id: string, template: Template) {
    await this.#change()
    this.#gallery.insert(id, template)
  }

  async remove(id: string) {
    await this.#change()
    this.#gallery.remove(id)
  }

  async #change() {
    await new Promise(resolve => setTimeout(resolve, 1))
    if (this.left-- <= 0) throw new Error('disk full')
  }
}

describe('Persons', () => {
  let engine: Engine
  let gallery: Gallery
  let persons: Persons
  beforeAll(async () => {
    engine = await createEngine({ threads: 2 })
  })
  afterAll(() => engine.close())
  beforeEach(() => {
    gallery = engine.createGallery()
    persons = engine.personsOf(gallery)
  })

  it('enrols, gets and removes whole persons', async () => {
    expect(await persons.enrol('ada', { fingers: ada })).toEqual({ enrolled: true, feedback: [] })
    const some: FingerInput[] = [...bea.slice(0, 3), { position: 4, missing: 'amputated' }, { ...bea[6], position: 0 }]
    await persons.enrol('bea/1', { fingers: some })
    expect([persons.size, persons.ids(), gallery.size]).toEqual([2, ['ada', 'bea/1'], 14])
    expect([persons.has('ada'), persons.has('cem'), persons.incomplete]).toEqual([true, false, []])
    expect(persons.get('ada')).toEqual({ id: 'ada', fingers: ada })
    expect(persons.get('bea/1')).toEqual({ id: 'bea/1', fingers: some })
    expect(persons.get('cem')).toBeUndefined()
    await persons.remove('ada')
    expect([persons.size, persons.has('ada'), gallery.size]).toEqual([1, false, 4])
  })

  it('takes the position of the template where none is given', async () => {
    const { position, template } = ada[3]
    await persons.enrol('x', { fingers: [{ template }] })
    expect(persons.get('x')!.fingers[0].position).toBe(0)
    expect(position).toBe(4)
  })

  it('is read back from the gallery, also from its file, and leaves other templates alone', async () => {
    gallery.insert('3276/right-index', cem[0].template)
    await persons.enrol('ada', { fingers: ada })
    await persons.enrol('bea', { fingers: [...bea.slice(0, 9), { position: 10, missing: 'bandaged' }] })
    const opened = engine.personsOf(await engine.openGallery(gallery.toBytes()))
    expect([opened.size, opened.ids()]).toEqual([2, ['ada', 'bea']])
    expect(opened.get('bea')).toEqual(persons.get('bea'))
    await opened.remove('ada')
    expect(persons.has('ada')).toBe(true)
    const result = await persons.identifyPerson({ fingers: [cem[0]] })
    expect([result.decision, result.searched]).toEqual(['clear', 2])
    // Strangers too are compared by all their fingers, whatever the one that was screened with scored.
    expect(result.candidates.map(({ id }) => id).sort()).toEqual(['ada', 'bea'])
    expect(result.candidates.every(({ score }) => score < 30)).toBe(true)
  })

  it('refuses what contradicts itself, and is unchanged', async () => {
    await persons.enrol('ada', { fingers: ada })
    const before = gallery.toBytes()
    const refused = (id: string, fingers: unknown, error: unknown) =>
      expect(persons.enrol(id, { fingers } as never), JSON.stringify(error)).rejects.toEqual(error)
    const failing = (code: string) => expect.objectContaining({ code })
    await refused('ada', bea, failing('ID_EXISTS'))
    await refused('x', [...bea, { position: 0, template: cem[0].template }], expect.any(RangeError))
    await refused('x', [bea[0], { ...bea[1], position: 1 }], expect.any(RangeError))
    await refused('x', [bea[0], { position: 1, missing: 'bandaged' }], expect.any(RangeError))
    await refused('x', [{ position: 11, template: bea[0].template }], expect.any(RangeError))
    await refused('x', [{ position: 1, missing: 'lost' }], expect.any(RangeError))
    await refused('x', [{ missing: 'bandaged' }], expect.any(TypeError))
    await refused('x', [{ ...bea[0], missing: 'bandaged' }], expect.any(TypeError))
    await refused('x', [{ position: 1 }], expect.any(TypeError))
    await refused('x', 'fingers', expect.any(TypeError))
    await refused('x', [{ ...bea[0], positon: 1 }], expect.any(TypeError))
    await refused('', bea, expect.any(RangeError))
    await refused('x', [{ position: 1, missing: 'bandaged' }], failing('NO_USABLE_FINGER'))
    await refused('x', [], failing('NO_USABLE_FINGER'))
    const torn = { position: 4, template: bea[3].template.subarray(0, 50) }
    await refused(
      'x',
      [...bea.slice(0, 3), torn],
      expect.objectContaining({ code: 'TEMPLATE_CORRUPT', message: expect.stringContaining('fingers[3]') }),
    )
    await expect(persons.remove('x')).rejects.toMatchObject({ code: 'ID_UNKNOWN' })
    expect([persons.ids(), persons.incomplete, gallery.toBytes()]).toEqual([['ada'], [], before])
  })

  it('says that one finger was put down twice, and that one shows too little', async () => {
    const twice = await persons.enrol('x', { fingers: [ada[0], ada[1], { ...ada[0], position: 3 }] })
    expect(twice).toMatchObject({ enrolled: false, feedback: [{ code: 'same-finger-twice', fingers: [0, 2] }] })
    expect([persons.size, gallery.size]).toEqual([0, 0])
    const little = { position: 3, template: codedTemplate(codedFinger(next, 4)) }
    expect(await persons.enrol('x', { fingers: [ada[0], little] })).toMatchObject({
      enrolled: true,
      feedback: [{ code: 'too-few-minutiae', fingers: [1] }],
    })
    expect(persons.get('x')!.fingers).toEqual([ada[0], { position: 3, missing: 'unreadable' }])
    await expect(persons.enrol('y', { fingers: [little] })).rejects.toMatchObject({ code: 'NO_USABLE_FINGER' })
  })

  it('enrols nothing when an insertion fails, and says so when even that cannot be undone', async () => {
    const slow = new SlowGallery(gallery)
    const over = engine.personsOf(slow)
    await over.enrol('ada', { fingers: ada })
    for (const left of [0, 4, 9]) {
      slow.left = left
      await expect(over.enrol('bea', { fingers: bea })).rejects.toThrow('disk full')
      // What was inserted cannot be removed either: it is there, and known not to be whole.
      expect([over.ids(), gallery.size - 10]).toEqual([['ada'], left])
      expect(over.incomplete.map(({ id, templateIds }) => [id, templateIds.length])).toEqual(
        left > 0 ? [['bea', left]] : [],
      )
      const reopened = engine.personsOf(gallery)
      expect([reopened.ids(), reopened.incomplete]).toEqual([['ada'], over.incomplete])
      slow.left = Infinity
      if (left === 0) continue
      await expect(over.enrol('bea', { fingers: bea })).rejects.toMatchObject({ code: 'PERSON_INCOMPLETE' })
      await over.remove('bea')
      expect([over.incomplete, gallery.size]).toEqual([[], 10])
    }
    // A gallery that refuses one of the ids, but lets the others go.
    gallery.insert('cem/f1:1,2,3,4,5,6,7,8,9,10/10', cem[9].template)
    const unaware = engine.personsOf(slow)
    await unaware.remove('cem')
    gallery.insert('cem/f1:1,2,3,4,5,6,7,8,9,10/10', cem[9].template)
    await expect(unaware.enrol('cem', { fingers: cem })).rejects.toMatchObject({ code: 'ID_EXISTS' })
    expect([unaware.incomplete, gallery.size]).toEqual([[], 11])
  })

  it('knows a removal that did not come to its end, which is not searched', async () => {
    const slow = new SlowGallery(gallery)
    const over = engine.personsOf(slow)
    await over.enrol('ada', { fingers: ada })
    slow.left = 0
    await expect(over.remove('ada')).rejects.toThrow('disk full')
    expect([over.has('ada'), over.incomplete]).toEqual([true, []])
    slow.left = 3
    await expect(over.remove('ada')).rejects.toThrow('disk full')
    expect([over.has('ada'), over.incomplete[0].templateIds.length, gallery.size]).toEqual([false, 7, 7])
    slow.left = Infinity
    const { candidates, searched } = await over.identifyPerson({ fingers: ada })
    expect([candidates, searched]).toEqual([[], 0])
    await over.remove('ada')
    expect([over.incomplete, gallery.size]).toEqual([[], 0])
  })

  it('takes changes of one person one after the other, of different ones together', async () => {
    const over = engine.personsOf(new SlowGallery(gallery))
    const all = await Promise.allSettled([
      over.enrol('ada', { fingers: ada }),
      over.enrol('ada', { fingers: bea }),
      over.remove('ada'),
      over.remove('ada'),
      over.enrol('cem', { fingers: cem }),
      over.enrol('ada', { fingers: bea }),
    ])
    expect(all.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect([over.size, gallery.size, over.get('ada')!.fingers]).toEqual([2, 20, bea])
  })
})
