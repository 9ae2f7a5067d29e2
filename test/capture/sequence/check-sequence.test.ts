import { checkSequence, type SequencePrint } from 'sidik/capture'
import { describe, expect, it } from 'vitest'
import { Lab, placesOf, tenprint } from '../../support/sequence.js'

const mirrored = (position: number) => ((position + 4) % 10) + 1
const reversed = (position: number) => 12 - position
const swap = (a: number, b: number) => (position: number) => (position === a ? b : position === b ? a : position)
const HANDS = [2, 3, 4, 5, 7, 8, 9, 10]
const isThumb = (position: number) => position % 5 === 1

/** A check of a ten-print enrolment: which finger is put down where a rolled one is asked for, and where a plain one is. */
function checked({
  rolled = position => position,
  plain = position => position,
  lab = new Lab(),
  impressions,
}: {
  rolled?: (position: number) => unknown
  plain?: (position: number) => unknown
  lab?: Lab
  impressions?: readonly ('rolled' | 'plain')[]
}) {
  const put = { rolled, plain }
  const prints = tenprint((impression, position) => {
    const finger = put[impression](position)
    return finger === undefined ? undefined : lab.print(finger)
  }, impressions)
  return { prints, lab, ...checkSequence(lab, prints) }
}

describe('checkSequence', () => {
  it('finds nothing in what is right, having compared everything with everything', () => {
    const { findings, unchecked, lab } = checked({})
    expect([findings, unchecked, lab.compared]).toEqual([[], [], 190])
  })

  it('finds two single captures swapped, and says which position each is of', () => {
    const { findings, unchecked, prints } = checked({ rolled: swap(3, 4) })
    const [three, four] = placesOf(prints, 'rolled', [3, 4])
    expect(findings).toMatchObject([
      {
        code: 'fingers-swapped',
        prints: [three, four],
        proposed: [
          { print: three, position: 4 },
          { print: four, position: 3 },
        ],
      },
    ])
    expect(findings[0].message).toBe(
      'the rolled right middle finger shows the right ring finger and the rolled right ring finger shows the right middle finger: ' +
        'capture the rolled right middle finger and the rolled right ring finger again',
    )
    expect(findings[0].evidence).toHaveLength(2)
    // The slap's prints of these fingers were confirmed, by each other's single captures.
    expect(unchecked).toEqual([])
  })

  it('finds three in a ring swapped as one mistake', () => {
    const { findings, prints } = checked({ rolled: position => ({ 2: 3, 3: 4, 4: 2 })[position] ?? position })
    expect(findings).toMatchObject([{ code: 'fingers-swapped', prints: placesOf(prints, 'rolled', [2, 3, 4]) }])
  })

  it('says that either may be wrong where nothing is on one side', () => {
    const lab = new Lab()
    const prints = [...tenprint((_, position) => lab.print(swap(3, 4)(position)), ['rolled'])]
    // The plain prints are single captures as well.
    for (let position = 1; position <= 10; position++) {
      prints.push({ position, impression: 'plain', template: lab.print(position) })
    }
    const { findings } = checkSequence(lab, prints)
    expect(findings).toMatchObject([{ code: 'fingers-swapped', prints: [2, 3, 12, 13], proposed: [] }])
    expect(findings[0].message).toContain('cannot be told')
    // A third print of one of them tells.
    prints.push(
      { position: 3, impression: 'plain', template: lab.print(3) },
      { position: 4, impression: 'plain', template: lab.print(4) },
    )
    expect(checkSequence(lab, prints).findings).toMatchObject([{ code: 'fingers-swapped', prints: [2, 3] }])
  })

  it('finds the same finger twice, within a hand and across', () => {
    for (const other of [4, 8]) {
      const { findings, unchecked, prints } = checked({ rolled: position => (position === 3 ? other : position) })
      const [three] = placesOf(prints, 'rolled', [3])
      expect(findings).toMatchObject([
        { code: 'same-finger-twice', prints: [three], proposed: [{ print: three, position: other }] },
      ])
      // That the slap has the right one is not known until it is captured again.
      expect(unchecked).toMatchObject([{ reason: 'no-second-print', prints: placesOf(prints, 'plain', [3]) }])
    }
  })

  it('finds the same finger twice in ten single captures, without saying which is wrong, and that positions were not checked', () => {
    const { findings, unchecked } = checked({
      rolled: position => (position === 3 ? 8 : position),
      impressions: ['rolled'],
    })
    expect(findings).toMatchObject([{ code: 'same-finger-twice', prints: [2, 7], proposed: [] }])
    expect(unchecked).toMatchObject([{ reason: 'no-second-print', prints: [0, 1, 3, 4, 5, 6, 8, 9] }])
    const clean = checked({ impressions: ['rolled'] })
    expect(clean.findings).toEqual([])
    expect(clean.unchecked).toMatchObject([{ reason: 'no-second-print', prints: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }])
  })

  it('finds one finger cut out of a slap twice', () => {
    const { findings, prints } = checked({ plain: position => (position === 4 ? 3 : position) })
    expect(findings).toMatchObject([{ code: 'same-finger-twice', prints: placesOf(prints, 'plain', [4]) }])
    expect(findings[0].message).toContain("capture 'right slap' again")
  })

  it.each([
    ['from left to right', reversed],
    ['by the hand', mirrored],
  ])('finds slaps of the other hand as one mistake: numbered %s', (_, numbering) => {
    const both = checked({ plain: position => (isThumb(position) ? position : numbering(position)) })
    expect(both.findings).toMatchObject([{ code: 'hands-swapped', prints: placesOf(both.prints, 'plain', HANDS) }])
    expect(both.findings[0].message).toContain(
      "'right slap' and 'left slap' show each the other hand: capture both again",
    )
    expect(both.findings[0].proposed).toHaveLength(8)
    expect(both.unchecked).toEqual([])
    const one = checked({ plain: position => (position > 6 ? numbering(position) : position) })
    expect(one.findings).toMatchObject([
      { code: 'hands-swapped', prints: placesOf(one.prints, 'plain', [7, 8, 9, 10]) },
    ])
    expect(one.findings[0].message).toContain("'left slap' shows the other hand: capture it again")
  })

  it('finds the single captures of both hands swapped, thumbs and all, as one mistake', () => {
    const { findings, prints } = checked({ rolled: mirrored })
    expect(findings).toMatchObject([{ code: 'hands-swapped', prints: placesOf(prints, 'rolled') }])
    const once = checked({ rolled: position => (position > 5 ? mirrored(position) : position) })
    expect(once.findings).toMatchObject([
      { code: 'hands-swapped', prints: placesOf(once.prints, 'rolled', [6, 7, 8, 9, 10]) },
    ])
  })

  it('finds a slap that is numbered one off because an outer finger is not in it', () => {
    const { findings, prints } = checked({
      plain: position => (position < 2 || position > 5 ? position : position === 5 ? undefined : position + 1),
    })
    expect(findings).toMatchObject([{ code: 'fingers-shifted', prints: placesOf(prints, 'plain', [2, 3, 4]) }])
  })

  it('finds thumbs swapped, in their slap or singly: which, another print tells', () => {
    const { findings, prints, lab } = checked({ plain: swap(1, 6) })
    const [right, left] = placesOf(prints, 'plain', [1, 6])
    expect(findings).toMatchObject([
      { code: 'fingers-swapped', prints: [...placesOf(prints, 'rolled', [1, 6]), right, left] },
    ])
    const more = ([1, 6] as const).map(
      (position): SequencePrint => ({ position, impression: 'plain', template: lab.print(position) }),
    )
    expect(checkSequence(lab, [...prints, ...more]).findings).toMatchObject([
      { code: 'fingers-swapped', prints: [right, left] },
    ])
  })

  it('finds a finger of somebody else, and a slap of somebody else as one mistake', () => {
    const finger = checked({ rolled: position => (position === 9 ? 'another' : position) })
    expect(finger.findings).toMatchObject([{ code: 'prints-disagree', prints: placesOf(finger.prints, 'rolled', [9]) }])
    const slap = checked({ plain: position => (position > 6 ? `another ${position}` : position) })
    expect(slap.findings).toMatchObject([
      { code: 'prints-disagree', prints: placesOf(slap.prints, 'plain', [7, 8, 9, 10]) },
    ])
    const all = checked({ plain: position => `another ${position}` })
    expect(all.findings).toMatchObject([{ code: 'prints-disagree', prints: all.prints.map((_, i) => i) }])
  })

  it('finds two mistakes as two', () => {
    const { findings, prints } = checked({
      rolled: swap(3, 4),
      plain: position => (position > 6 ? reversed(position) : position),
    })
    expect(findings.map(({ code, prints: named }) => [code, named])).toEqual([
      ['hands-swapped', placesOf(prints, 'plain', [7, 8, 9, 10])],
      ['fingers-swapped', placesOf(prints, 'rolled', [3, 4])],
    ])
  })

  it('cannot see what is swapped in all prints alike', () => {
    const { findings, unchecked } = checked({ rolled: swap(3, 4), plain: swap(3, 4) })
    expect([findings, unchecked]).toEqual([[], []])
  })

  it('takes several prints of one position, which agree or do not', () => {
    const lab = new Lab()
    const again = (finger: unknown): SequencePrint => ({
      position: 2,
      impression: 'plain',
      template: lab.print(finger),
    })
    expect(checkSequence(lab, [again('a'), again('a'), again('a')])).toEqual({ findings: [], unchecked: [] })
    expect(checkSequence(lab, [again('a'), again('b'), again('a')]).findings).toMatchObject([
      { code: 'prints-disagree', prints: [1] },
    ])
    expect(checkSequence(lab, [again('a'), again('b')]).findings).toMatchObject([
      { code: 'prints-disagree', prints: [0, 1] },
    ])
  })

  it('lists poor prints that do not match as not confirmed, and does not call them wrong', () => {
    const lab = new Lab()
    const pair = (minutiae: number, quality: number): SequencePrint[] => [
      { position: 7, impression: 'rolled', template: lab.print('a') },
      { position: 7, impression: 'plain', template: lab.print('b', minutiae, quality), label: 'IMG_7' },
    ]
    for (const prints of [pair(14, 70), pair(40, 15)]) {
      const { findings, unchecked } = checkSequence(lab, prints)
      expect([findings, unchecked]).toMatchObject([
        [],
        [{ reason: 'not-confirmed', prints: [0, 1], evidence: [{ score: 4 }] }],
      ])
      expect(unchecked[0].message).toContain("'IMG_7'")
    }
    lab.strangers = 12
    expect(checkSequence(lab, pair(20, 25))).toMatchObject({ findings: [], unchecked: [{ reason: 'not-confirmed' }] })
    expect(checkSequence(lab, pair(30, 40)).findings).toMatchObject([{ code: 'prints-disagree' }])
    lab.strangers = 20
    expect(checkSequence(lab, pair(40, 70))).toMatchObject({ findings: [], unchecked: [{ reason: 'not-confirmed' }] })
    const few = checkSequence(lab, pair(7, 70))
    expect(few.findings).toEqual([])
    expect(few.unchecked.map(({ reason, prints }) => [reason, prints])).toEqual([
      ['too-few-minutiae', [1]],
      ['no-second-print', [0]],
    ])
  })

  it('does not believe one high score against many low ones, and says that the two are alike', () => {
    const lab = new Lab()
    const prints = tenprint((_, position) => lab.print(position))
    const [a, b] = [prints[2].template, prints[7].template]
    const engine = {
      match: (x: Uint8Array, y: Uint8Array) =>
        (x === a && y === b) || (x === b && y === a) ? { score: 80 } : lab.match(x, y),
    }
    const { findings, unchecked } = checkSequence(engine, prints)
    expect([findings, unchecked]).toMatchObject([[], [{ reason: 'alike', prints: [2, 7], evidence: [{ score: 80 }] }]])
  })

  it('refuses what is no print, naming it', () => {
    const lab = new Lab()
    const good: SequencePrint = { position: 1, impression: 'plain', template: lab.print(1) }
    const refused = (prints: unknown, error: unknown) =>
      expect(() => checkSequence(lab, prints as never)).toThrow(error as Error)
    refused('prints', new TypeError('prints must be an array'))
    refused([good, { ...good, position: 0 }], /prints\[1\]\.position is 0/)
    refused([{ ...good, position: 1.5 }], RangeError)
    refused([{ ...good, impression: 'latent' }], /prints\[0\]\.impression must be/)
    refused([{ ...good, lable: 'x' }], /did you mean 'label'/)
    refused([{ ...good, group: '' }], /prints\[0\]\.group/)
    refused([{ ...good, template: 'x' }], /prints\[0\]\.template must be a template/)
    refused([undefined], TypeError)
    refused([{ ...good, template: good.template.subarray(0, 40) }], /prints\[0\]\.template: /)
    refused(
      [
        { ...good, group: 'a' },
        { ...good, group: 'a' },
      ],
      /prints\[1\] has position 1 in 'a', as has prints\[0\]/,
    )
    refused(
      Array.from({ length: 65 }, () => good),
      /prints has 65, may have 64/,
    )
    expect(() => checkSequence(undefined as never, [])).toThrow(new TypeError('engine must have a method match(a, b)'))
    expect(checkSequence(lab, [])).toEqual({ findings: [], unchecked: [] })
  })
})
