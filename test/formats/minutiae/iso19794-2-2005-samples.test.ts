import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Iso19794p2Minutia, isoToTemplate, readIso19794p2v2005, writeIso19794p2v2005 } from 'sidik/formats'
import { describe, expect, it } from 'vitest'

const FOLDER = new URL('../../../../shared/data/formats/minutiae-records/', import.meta.url)
const present = existsSync(FOLDER)

/** Positions and types in the order of their codes, by the names of the JSON twins. */
const POSITIONS = ['UNKNOWN'].concat(
  ['RIGHT', 'LEFT'].flatMap(hand => ['THUMB', 'INDEX', 'MIDDLE', 'RING', 'LITTLE'].map(finger => `${hand}_${finger}`)),
)
const TYPES = ['OTHER', 'ENDING', 'BIFURCATION']

interface TwinMinutia {
  type: string
  positionX: number
  positionY: number
  angle: number
  quality: number
}

interface TwinView {
  position: string
  view: number
  scanType: string
  quality: number
  minutiae: TwinMinutia[]
  extensions: { type: number; data: string }[]
}

const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, FOLDER)))

describe.skipIf(!present)('records made by others', () => {
  const names = present
    ? readdirSync(FOLDER).filter(name => /^(iso.*\.dat|secugen-.*\.iso|fjfx-.*\.ist)$/.test(name))
    : []

  it('are there', () => {
    expect(names.length).toBeGreaterThanOrEqual(13)
  })

  it.each(names)('%s is read, written byte for byte, and made a template', name => {
    const bytes = bytesOf(name)
    const record = readIso19794p2v2005(bytes)
    expect(writeIso19794p2v2005(record)).toEqual(bytes)
    record.views.forEach((view, i) => {
      expect(view.minutiae.length).toBeGreaterThan(0)
      expect(isoToTemplate(bytes, i)[28]).toBe(view.minutiae.length)
    })
  })

  it.each(names)('%s cut at any byte is refused', name => {
    const bytes = bytesOf(name)
    for (let length = 0; length < bytes.length; length++) {
      const code = length < 4 ? 'RECORD_FORMAT' : 'RECORD_CORRUPT'
      expect(() => readIso19794p2v2005(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code }))
    }
  })

  it('agree with their JSON twin field by field', () => {
    const record = readIso19794p2v2005(bytesOf('iso19794p2v2005-sample.dat'))
    const twin = JSON.parse(readFileSync(new URL('iso19794p2v2005-sample.json', FOLDER), 'utf8'))
    expect({
      sensorCertified: record.certifications === 8,
      sensorId: record.captureDeviceTypeId,
      width: record.widthPx,
      height: record.heightPx,
      resolutionX: record.xResolutionPxPerCm,
      resolutionY: record.yResolutionPxPerCm,
    }).toEqual({ ...twin, fingerprints: undefined })
    const asTwin = ({ type, x, y, angle, quality }: Iso19794p2Minutia): TwinMinutia => ({
      type: TYPES[type],
      positionX: x,
      positionY: y,
      angle,
      quality,
    })
    const views = record.views.map(view => ({
      position: POSITIONS[view.fingerPosition],
      view: view.viewNumber,
      scanType: view.impression === 0 ? 'LIVE_PLAIN' : view.impression,
      quality: view.quality,
      minutiae: view.minutiae.map(asTwin),
      extensions: view.extensions.map(({ type, data }) => ({ type, data: Buffer.from(data).toString('base64') })),
    }))
    const expected = (twin.fingerprints as TwinView[]).map(
      ({ position, view, scanType, quality, minutiae, extensions }) => ({
        position,
        view,
        scanType,
        quality,
        minutiae,
        extensions,
      }),
    )
    expect(views).toEqual(expected)
  })

  it('of ANSI INCITS 378 are told apart', () => {
    const message = expect.stringContaining('ANSI INCITS 378')
    const attempt = () => readIso19794p2v2005(bytesOf('ansi378v2004-sample.dat'))
    expect(attempt).toThrow(expect.objectContaining({ code: 'RECORD_FORMAT', message }))
  })
})
