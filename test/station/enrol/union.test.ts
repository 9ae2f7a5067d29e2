/** One template of several fingers' minutiae: it matches all of them, and is refused. */
import { createEngine, type Engine, type Template } from 'sidik'
import { decodeTemplate, encodeTemplate } from 'sidik/formats'
import { encodeTemplates, enrol, type Recorded, type RecordedFinger, recordOf, type Station } from 'sidik/station'
import { syntheticTemplate } from 'sidik/synthesize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeTemplates } from '../../../dist/station/enrol/templates-payload.js'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { implausibility } from '../../../dist/template/plausible.js'
import { unionTemplate } from '../../support/union-template.js'
import { newStation, print, somebody } from './support.js'

const FOUR = ['101', '103', '106', '107']

let engine: Engine
/** Templates of four fingers: the enrolled print and another of each. */
let enrolled: Template[]
let others: Template[]

const extract = async (name: string) => (await engine.extract(print(name))).template

beforeAll(async () => {
  engine = await createEngine({ threads: 1 })
  enrolled = await Promise.all(FOUR.map(finger => extract(`${finger}_1`)))
  others = await Promise.all(FOUR.map(finger => extract(`${finger}_2`)))
})
afterAll(() => engine.close())

/** A record of another station, as a hub takes it. */
function told(station: Station, record: string, fingers: readonly RecordedFinger[]): void {
  const { file, keys } = partsOf(station)
  const reference = putPayload(file, keys, 'templates', encodeTemplates(fingers))
  const body = { station: 'elsewhere', sequence: 1 }
  append(station, { kind: 'gallery', direction: 'down', record, recordVersion: 1, body, payloads: [reference] })
}

async function feedbackOf(made: ReturnType<typeof enrol>) {
  const result = await made
  return result.recorded ? [] : result.feedback
}

describe('a template of four fingers', () => {
  it('matches all four, and is refused at enrolment, with and without an engine', async () => {
    const union = unionTemplate(enrolled)
    for (const other of others) expect(engine.match(union, other).score).toBeGreaterThan(80)
    for (const options of [{ engine }, {}]) {
      const station = await newStation(options)
      const feedback = await feedbackOf(enrol(station, somebody(61, [{ position: 2, template: union }])))
      expect(feedback).toMatchObject([{ code: 'finger-implausible', positions: [2], overridable: false }])
      expect(feedback[0].message).toContain('right index finger')
      expect(feedback[0].messageId).toContain('telunjuk kanan')
    }
  })

  it('is refused on arrival by whoever decodes it, and makes nobody a duplicate', async () => {
    const fingers = [{ position: 2, template: unionTemplate(enrolled) }]
    expect(() => decodeTemplates(encodeTemplates(fingers))).toThrow(
      expect.objectContaining({ code: 'TEMPLATE_IMPLAUSIBLE', message: expect.stringContaining('position 2') }),
    )
    const station = await newStation({ engine })
    told(station, 'hostile', fingers)
    for (const [i, template] of others.entries()) {
      const given = somebody(70 + i, [{ position: 2, template }])
      const { preCheck } = (await enrol(station, given)) as Recorded
      expect(preCheck.decision).not.toBe('duplicate')
      expect(preCheck.candidates.map(({ record }) => record)).not.toContain('hostile')
    }
  })

  it('is refused of any four of ten fingers, and none of their prints is', async () => {
    const fingers = ['101', '102', '103', '104', '105', '106', '107', '108']
    const templates = await Promise.all(fingers.map(finger => extract(`${finger}_1`)))
    for (const template of [...templates, ...others]) expect(implausibility(decodeTemplate(template))).toBeUndefined()
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < a; b++) {
        const four = [a, b, (a + 3) % 8, (b + 5) % 8].map(i => templates[i])
        expect(implausibility(decodeTemplate(unionTemplate(four))), `${a} ${b}`).toBeDefined()
      }
    }
  })

  it('without its codes is held to what other extractors find', async () => {
    const contents = decodeTemplate(unionTemplate([...enrolled, ...enrolled.slice(0, 2)], 3))
    const { learnedCodes, ...bare } = contents
    expect(implausibility(bare)).toBeDefined()
    const foreign = Array.from({ length: 255 }, (_, i) => ({
      ...contents.minutiae[0],
      xPx: (i % 16) * 25,
      yPx: (i >> 4) * 25,
    }))
    expect(implausibility({ minutiae: foreign })).toBeUndefined()
    expect(implausibility({ minutiae: foreign, learnedCodes })).toMatch(/255 minutiae, 200 are the most/)
  })
})

describe('one print under two positions', () => {
  it('is told without an engine too, and not to be overruled', async () => {
    const template = syntheticTemplate(3, 1)
    const again = encodeTemplate({ ...decodeTemplate(template), quality: 3, fingerPosition: 7 })
    for (const options of [{}, { engine }]) {
      const station = await newStation(options)
      const fingers = [
        { position: 1, template },
        { position: 7, template: again },
      ]
      const feedback = await feedbackOf(enrol(station, somebody(81, fingers)))
      expect(feedback[0]).toMatchObject({ code: 'same-print-twice', positions: [1, 7], overridable: false })
      expect(feedback[0].messageId).toMatch(/ibu jari kanan dan telunjuk kiri/)
    }
  })

  it('is refused at enrolment and on arrival where it is moved by one pixel under ten', async () => {
    const template = syntheticTemplate(3, 1)
    const contents = decodeTemplate(template)
    const fingers = Array.from({ length: 10 }, (_, i) => ({
      position: i + 1,
      template: encodeTemplate({
        ...contents,
        minutiae: contents.minutiae.map(minutia => ({ ...minutia, xPx: minutia.xPx + i })),
      }),
    }))
    const feedback = await feedbackOf(enrol(await newStation({}), somebody(83, fingers)))
    expect(feedback[0]).toMatchObject({ code: 'same-print-twice', positions: [1, 2], overridable: false })
    expect(() => decodeTemplates(encodeTemplates(fingers))).toThrow(
      expect.objectContaining({
        code: 'TEMPLATE_IMPLAUSIBLE',
        message: 'positions 1 and 2 have nearly the same print',
      }),
    )
  })

  it('of one finger twice, in two prints, is told in both languages', async () => {
    const station = await newStation({ engine })
    const fingers = [
      { position: 2, template: enrolled[0] },
      { position: 3, template: others[0] },
    ]
    const feedback = await feedbackOf(enrol(station, somebody(82, fingers)))
    expect(feedback).toMatchObject([{ code: 'same-finger-twice', positions: [2, 3], overridable: true }])
    expect(feedback[0].messageId).toMatch(/telunjuk kanan dan jari tengah kanan/)
  })
})

describe('a record whose own fingers are alike', () => {
  it('makes nobody a duplicate before somebody has looked at it', async () => {
    const station = await newStation({ engine })
    // Within all bounds, and not one print: two fingers side by side, one of them in both.
    told(station, 'hostile', [
      { position: 2, template: unionTemplate([enrolled[0], enrolled[1]], 400) },
      { position: 3, template: unionTemplate([enrolled[0], enrolled[2]], 400) },
    ])
    const given = somebody(91, [{ position: 2, template: others[0] }])
    const { preCheck } = (await enrol(station, given)) as Recorded
    expect(preCheck).toMatchObject({ decision: 'review', candidates: [{ record: 'hostile', alike: [[2, 3]] }] })
    expect(preCheck.reasons).toContain('candidate-fingers-alike')
  })
})

describe('scores', () => {
  it('that are kept and sent are whole, so that they are no ladder', async () => {
    const station = await newStation({ engine })
    const first = (await enrol(station, somebody(95, [{ position: 2, template: enrolled[0] }]))) as Recorded
    const second = (await enrol(station, somebody(96, [{ position: 2, template: others[0] }]))) as Recorded
    const { candidates } = recordOf(station, second.recordId)!.contents!.preCheck
    expect(candidates.map(({ record }) => record)).toEqual([first.recordId])
    for (const { score, fpir, fingers } of candidates) {
      expect(fpir).toBe(Number(fpir.toPrecision(1)))
      for (const each of [score, ...fingers.map(finger => finger.score)]) expect(Number.isInteger(each)).toBe(true)
    }
  })
})
