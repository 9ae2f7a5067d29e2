import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { SidikError, type Template } from 'sidik'
import {
  encodeTemplate,
  TEMPLATE_JSON_SCHEMA,
  type TemplateJson,
  templateFromJson,
  templateToJson,
} from 'sidik/formats'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../dist/convert/document.js'
import { quantisedContents } from '../../template/arbitraries.js'

const conforms = new Ajv2020({ strict: true }).addFormat('base64', true).compile(TEMPLATE_JSON_SCHEMA)

const template: Template = encodeTemplate({
  widthPx: 320,
  heightPx: 480,
  sourcePpi: 569,
  quality: 71,
  fingerPosition: 7,
  methodVersion: 3,
  minutiae: [
    { xPx: 0, yPx: 479, directionRad: 0, type: 'ridge-ending', quality: 0 },
    { xPx: 319, yPx: 1, directionRad: (255 * Math.PI) / 128, type: 'bifurcation', quality: 100 },
  ],
  geometricCodes: { bits: Uint8Array.from({ length: 32 }, (_, i) => i), masks: Uint32Array.of(1, 0x80000000) },
  learnedCodes: { networkVersion: 0xcafe, bits: Uint8Array.from({ length: 32 }, (_, i) => 255 - i) },
})

const GOLDEN: TemplateJson = {
  format: 'sidik-template',
  version: 1,
  widthPx: 320,
  heightPx: 480,
  sourcePpi: 569,
  quality: 71,
  fingerPosition: 7,
  methodVersion: 3,
  minutiae: [
    { xPx: 0, yPx: 479, directionDeg: 0, type: 'ridge-ending', quality: 0 },
    { xPx: 319, yPx: 1, directionDeg: 358.59375, type: 'bifurcation', quality: 100 },
  ],
  geometricCodes: { bits: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=', masks: 'AQAAAAAAAIA=' },
  learnedCodes: { networkVersion: 0xcafe, bits: '//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=' },
}

/** The golden JSON with one change. */
const changed = (change: (json: Record<string, never> & typeof GOLDEN) => void) => {
  const json = structuredClone(GOLDEN) as never
  change(json)
  return json as unknown
}

const refusal = (json: unknown): SidikError => {
  try {
    templateFromJson(json)
  } catch (error) {
    expect(error).toBeInstanceOf(SidikError)
    return error as SidikError
  }
  throw new Error('was taken')
}

describe('the JSON of a template', () => {
  it('is this, for ever', () => {
    expect(templateToJson(template)).toEqual(GOLDEN)
    expect(templateFromJson(JSON.stringify(GOLDEN))).toEqual(template)
    expect(conforms(GOLDEN)).toBe(true)
  })

  it('gives every template back, byte for byte, and conforms to the schema', () => {
    fc.assert(
      fc.property(quantisedContents(), contents => {
        const bytes = encodeTemplate(contents)
        const json = templateToJson(bytes)
        expect(conforms(json)).toBe(true)
        expect(templateFromJson(JSON.parse(JSON.stringify(json)))).toEqual(bytes)
      }),
      { numRuns: 60 },
    )
  })

  it.each<[string, string, (json: typeof GOLDEN & Record<string, never>) => unknown]>([
    ['widthPx', 'RECORD_CORRUPT', json => Object.assign(json, { widthPx: 0 })],
    ['quality', 'RECORD_CORRUPT', json => Object.assign(json, { quality: 70.5 })],
    ['minutiae[1].type', 'RECORD_CORRUPT', json => Object.assign(json.minutiae[1], { type: 'fork' })],
    ['minutiae[0].directionDeg', 'RECORD_CORRUPT', json => Object.assign(json.minutiae[0], { directionDeg: 1 })],
    ['minutiae[0].directionDeg', 'RECORD_CORRUPT', json => Object.assign(json.minutiae[0], { directionDeg: 360 })],
    ['minutiae[1].xPx', 'RECORD_CORRUPT', json => Object.assign(json.minutiae[1], { xPx: 320 })],
    ['learnedCodes.bits', 'RECORD_CORRUPT', json => Object.assign(json.learnedCodes!, { bits: 'AAAA' })],
    ['geometricCodes.masks', 'RECORD_CORRUPT', json => Object.assign(json.geometricCodes!, { masks: 'not base64!' })],
    ['geometricCodes', 'RECORD_CORRUPT', json => Object.assign(json, { minutiae: [] })],
    ['extra', 'RECORD_CORRUPT', json => Object.assign(json, { extra: 1 })],
    ['format', 'RECORD_FORMAT', json => Object.assign(json, { format: 'other' })],
    ['version', 'RECORD_VERSION', json => Object.assign(json, { version: 2 })],
  ])('names what is wrong: %s', (field, code, change) => {
    const error = refusal(changed(change))
    expect(error.code).toBe(code)
    expect(error.message).toContain(field)
  })

  it.each([[''], ['{'], ['null'], ['[]'], ['"text"'], ['7']])('is not %j', text => {
    expect(refusal(text).code).toBe('RECORD_FORMAT')
    expect(refusal(undefined).code).toBe('RECORD_FORMAT')
  })

  it('is refused above 256 KiB before it is parsed, and taken below', () => {
    const padded = (characters: number) => JSON.stringify(GOLDEN).padEnd(characters)
    expect(templateFromJson(padded(256 * 1024))).toEqual(template)
    const error = refusal(padded(256 * 1024 + 1))
    expect(error.code).toBe('RECORD_FORMAT')
    expect(error.message).toContain('262145 bytes')
    // A parser would name what is wrong with these.
    const file = new Uint8Array(300_000).fill(0xff)
    file[0] = '{'.charCodeAt(0)
    expect(() => readDocument(file)).toThrow('300000 bytes')
  })

  it('has half of what is refused at its largest, however it is indented', () => {
    const count = 255
    const minutia = { xPx: 65_533, yPx: 65_533, directionRad: (255 * Math.PI) / 128, quality: 100 }
    const largest = encodeTemplate({
      widthPx: 65_534,
      heightPx: 65_534,
      sourcePpi: 65_535,
      quality: 100,
      fingerPosition: 10,
      methodVersion: 0xffffffff,
      minutiae: new Array(count).fill({ ...minutia, type: 'ridge-ending' }),
      geometricCodes: { bits: new Uint8Array(16 * count), masks: new Uint32Array(count) },
      learnedCodes: { networkVersion: 0xffffffff, bits: new Uint8Array(16 * count) },
    })
    // Ten is the most that JSON.stringify indents by.
    const text = JSON.stringify(templateToJson(largest), null, 10)
    expect(text.length).toBeLessThan(128 * 1024)
    expect(templateFromJson(text)).toEqual(largest)
  })

  it('is never misread: any value in any field is refused, or is what the schema allows', () => {
    const paths: (string | number)[][] = [
      ...['widthPx', 'heightPx', 'sourcePpi', 'quality', 'fingerPosition', 'methodVersion', 'minutiae'].map(key => [
        key,
      ]),
      ...['xPx', 'yPx', 'directionDeg', 'type', 'quality'].map(key => ['minutiae', 1, key]),
      ...['bits', 'masks'].map(key => ['geometricCodes', key]),
      ...['networkVersion', 'bits'].map(key => ['learnedCodes', key]),
    ]
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const json = structuredClone(GOLDEN) as never
        const place = path.slice(0, -1).reduce((at: never, key) => at[key as never], json) as Record<string, unknown>
        place[path.at(-1)!] = value
        try {
          const again = templateToJson(templateFromJson(json))
          expect(conforms(json)).toBe(true)
          // Without the sign of -0, which a number in JSON need not keep.
          expect(again).toEqual(JSON.parse(JSON.stringify(json)))
        } catch (error) {
          expect(error).toBeInstanceOf(SidikError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
