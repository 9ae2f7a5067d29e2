import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import {
  birOfFinger,
  buildTenPrint,
  decodeTemplate,
  decodeWsq,
  encodeWsq,
  minutiaeOfRecord,
  readIso19794p2v2005Card,
  readMinutiaeRecord,
  templateToRecord,
  writeAnsiNist,
  writeCbeff,
} from 'sidik/formats'
import { beforeAll, describe, expect, it } from 'vitest'
import { IMAGE_TARGETS, TARGETS } from '../../dist/convert/targets.js'
import { decodeImage } from '../../dist/image/decode.js'
import { cli, cliJson, printFile, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
const good = printFile('101_1')
const PERSON = fileURLToPath(new URL('../../fixtures/cbeff/person.xml', import.meta.url))
const target = (to: string) => at(`print.${to}`)

beforeAll(async () => {
  for (const to of TARGETS) {
    const position = IMAGE_TARGETS.some(image => image === to) ? [] : ['--position', '7']
    const { exitCode, stderr } = await cli('convert', good, target(to), '--to', to, ...position)
    expect([to, exitCode, stderr]).toEqual([to, 0, ''])
  }
  const image = await decodeImage(readFileSync(good))
  const { widthPx, heightPx, ppi } = image
  const wsq = { data: await encodeWsq(image), compression: 'WSQ20', widthPx, heightPx, ppi } as const
  const transaction = buildTenPrint({
    ...{ transactionType: 'TPE', date: '20261125', destinationAgency: 'D', originatingAgency: 'O', controlNumber: '1' },
    typeTwo: [],
    fingers: [1, 7, 11].map(position => ({ position, impression: position > 10 ? 1 : 0, image: wsq })),
    slaps: [{ position: 13, impression: 0, image: wsq }],
  })
  writeFileSync(at('four.an2'), writeAnsiNist(transaction))
})

describe('sidik convert', () => {
  it.each(TARGETS.filter(to => !to.includes('card')))('to %s gives a file that is the same finger', async to => {
    const ppi = to === 'pgm' ? ['--ppi', '500'] : []
    const { exitCode, json } = await cliJson('match', target(to), target('template'), ...ppi)
    expect(exitCode).toBe(0)
    expect(json.score).toBeGreaterThan(80)
  })

  it('keeps every pixel of an image but by WSQ and JPEG, and its resolution', async () => {
    const image = await decodeImage(readFileSync(good))
    for (const to of ['png', 'jp2', 'iso-19794-4-2005', 'iso-19794-4-2011', 'ansi-381-2004']) {
      expect([to, await decodeImage(readFileSync(target(to)))]).toEqual([to, image])
    }
    expect((await decodeWsq(readFileSync(target('wsq')))).ppi).toBe(500)
  })

  it('keeps minutiae as the format has them', () => {
    const { minutiae, fingerPosition } = decodeTemplate(readFileSync(target('template')))
    expect(fingerPosition).toBe(7)
    const record = readMinutiaeRecord(readFileSync(target('iso-19794-2-2011')))
    expect(minutiaeOfRecord(record)).toMatchObject({ fingerPosition: 7, minutiae })
  })

  it('reads card records where it is told that they are such', async () => {
    for (const card of ['normal', 'compact']) {
      const from = target(`iso-card-${card}`)
      const back = at(`from-${card}.iso`)
      expect((await cli('convert', from, back, '--card', card, '--to', 'iso-19794-2-2005')).exitCode).toBe(0)
      expect((await cli('match', back, target('iso-19794-2-2005'))).exitCode).toBe(0)
    }
    const { minutiae } = readIso19794p2v2005Card(readFileSync(target('iso-card-normal')), 'normal')
    expect(minutiae.length).toBe(decodeTemplate(readFileSync(target('template'))).minutiae.length)
  })

  it('goes by the name of the output where that says the format', async () => {
    const { json } = await cliJson('convert', good, at('named.wsq'), '--bit-rate', '2.25')
    expect(json).toMatchObject({ target: 'wsq', losses: [expect.stringContaining('WSQ')] })
    expect(readFileSync(at('named.wsq')).length).toBeGreaterThan(readFileSync(target('wsq')).length)
  })

  it('says what is lost', async () => {
    const { json } = await cliJson(...['convert', good, at('few.iso'), '--to', 'ansi-378-2004', '--max-minutiae', '12'])
    expect(json.losses.join('; ')).toMatch(/codes.*\d+ of \d+ minutiae.*directions: rounded/)
    const record = readMinutiaeRecord(readFileSync(at('few.iso')))
    expect(minutiaeOfRecord(record).minutiae).toHaveLength(12)
  })

  it('takes one print of several, which has to be named', async () => {
    const several = await cli('convert', at('four.an2'), at('one.png'))
    expect(several.exitCode).toBe(3)
    expect(several.stderr).toMatch(
      /PRINT_NOT_CHOSEN.*4 prints.*1 record 3, type 14.*right thumb; 2 .*left index finger/,
    )
    expect(existsSync(at('one.png'))).toBe(false)
    const { json } = await cliJson('convert', at('four.an2'), at('one.png'), '--print', '2')
    expect(json.print).toContain('left index finger')
    expect((await cli('convert', at('four.an2'), at('one.png'), '--print', '5')).stderr).toContain(
      'there is no print 5',
    )
  })

  it('takes minutiae of one finger alone', async () => {
    const slap = await cliJson(...['convert', at('four.an2'), at('slap.sdkt'), '--print', '4'])
    expect([slap.exitCode, slap.json.error.code]).toEqual([3, 'NOT_ONE_FINGER'])
    expect(slap.json.error.message).toContain('4 fingers')
    const image = await cli('convert', at('four.an2'), at('slap.png'), '--print', '4')
    expect(image.exitCode).toBe(0)
    // A plain thumb beside slaps is a right thumb.
    await cli('convert', at('four.an2'), at('thumb.sdkt'), '--print', '3')
    expect(decodeTemplate(readFileSync(at('thumb.sdkt'))).fingerPosition).toBe(1)
  })

  it('says what no format has room for', async () => {
    const wide = at('wide.png')
    await sharp(good).extend({ left: 400, background: '#fff' }).withMetadata({ density: 500 }).png().toFile(wide)
    const card = await cliJson('convert', wide, at('wide.card'), '--to', 'iso-card-compact')
    expect(card.json.losses.join('; ')).toMatch(/\d+ minutiae beyond the reach/)
    const wsq = await cliJson('convert', good, at('odd.wsq'), '--ppi', '508.3')
    expect(wsq.json.losses).toContain('resolution: 508 ppi for 508.3')
    expect((await decodeWsq(readFileSync(at('odd.wsq')))).ppi).toBe(508)
  })

  it.each([
    [['out.png', '--bit-rate', '2']],
    [['out.wsq', '--bit-rate', '9']],
    [['out.wsq', '--compression', 'raw']],
    [['out.iso', '--to', 'iso-19794-2-2005', '--compression', 'raw']],
    [['out.sdkt', '--max-minutiae', '9']],
    [['out.png', '--position', '3']],
  ])('refuses what would be of no effect, or is beyond: %j', async ([name, ...options]) => {
    const { exitCode, json } = await cliJson('convert', good, at(name), ...options)
    expect([exitCode, json.error.code]).toEqual([2, 'USAGE'])
    expect(existsSync(at(name))).toBe(false)
  })

  it('writes an image into a record as asked', async () => {
    for (const compression of ['raw', 'wsq', 'jpeg2000-lossy']) {
      const to = at(`as-${compression}.fir`)
      const args = ['convert', good, to, '--to', 'iso-19794-4-2011', '--compression', compression]
      expect((await cli(...args)).exitCode).toBe(0)
      expect((await decodeImage(readFileSync(to))).ppi).toBe(500)
    }
  })

  it.each([
    ['no image where there are minutiae alone', () => [target('ansi-378-2004'), at('no.png')], 'NO_IMAGE'],
    ['no format that is not named', () => [good, at('no.iso')], 'TARGET_UNKNOWN'],
    ['no file that is none', () => [at('absent'), at('no.png')], 'FILE_UNREADABLE'],
    ['no folder that is not there', () => [good, at('absent/no.png')], 'FILE_UNWRITABLE'],
  ])('makes %s', async (_, files, code) => {
    const { exitCode, json } = await cliJson('convert', ...files())
    expect([exitCode, json.error.code]).toEqual([3, code])
    expect(existsSync(files()[1])).toBe(false)
  })
})

describe('sidik inspect', () => {
  it('says of each kind what it is', async () => {
    const titles = await Promise.all(
      TARGETS.filter(to => !to.includes('card')).map(async to => (await cliJson('inspect', target(to))).json.title),
    )
    expect(titles).toEqual([
      'PNG image',
      'JPEG image',
      'JPEG 2000 image',
      'WSQ image',
      'PGM image',
      'finger image record, ISO/IEC 19794-4:2005',
      'finger image record, ISO/IEC 19794-4:2011',
      'finger image record, ANSI INCITS 381-2004',
      'template of sidik',
      "template of sidik's as JSON",
      'finger minutiae record, ISO/IEC 19794-2:2005',
      'finger minutiae record, ISO/IEC 19794-2:2011',
      'finger minutiae record, ANSI INCITS 378-2004',
      'finger minutiae record, ANSI INCITS 378-2009',
    ])
  })

  it('lists fields by name, codes in words, long lists in part', async () => {
    const { stdout } = await cli('inspect', target('iso-19794-2-2005'))
    expect(stdout).toContain('fingerPosition: 7 (left index finger)')
    expect(stdout).toMatch(
      /\n {8}1: type \d \((ridge-ending|bifurcation|other)\), x \d+, y \d+, angle \d+, quality \d+\n/,
    )
    expect(stdout).toMatch(/\.\.\. and \d+ more \(--json lists all\)/)
    const transaction = await cli('inspect', at('four.an2'))
    expect(transaction.stdout).toContain('14.013 FGP: 7 (left index finger)')
    expect(transaction.stdout).toContain('4 prints:')
  })

  it('lists what deviates and goes on', async () => {
    const bytes = templateToRecord(readFileSync(target('template')), { format: 'iso-19794-2-2005' })
    bytes[23] = 9
    writeFileSync(at('reserved.iso'), bytes)
    const { exitCode, json } = await cliJson('inspect', at('reserved.iso'))
    expect([exitCode, json.deviations]).toEqual([3, [expect.objectContaining({ offset: 23 })]])
    expect((await cli('match', at('reserved.iso'), good)).exitCode).toBe(3)
  })

  it('draws the image, or the minutiae where there is none', async () => {
    for (const to of ['wsq', 'iso-19794-4-2011', 'iso-19794-2-2005']) {
      const png = at(`${to}.preview.png`)
      expect((await cli('inspect', target(to), '--png', png)).exitCode).toBe(0)
      expect(readFileSync(png).subarray(1, 4).toString()).toBe('PNG')
    }
    const { exitCode, stderr } = await cli('inspect', at('four.an2'), '--png', at('none.png'))
    expect([exitCode, existsSync(at('none.png'))]).toEqual([3, false])
    expect(stderr).toContain('PRINT_NOT_CHOSEN')
  })

  it('shows what can be read of a damaged record, and refuses what is none', async () => {
    const bytes = templateToRecord(readFileSync(target('template')), { format: 'iso-19794-2-2005' })
    const count = bytes[27]
    writeFileSync(at('cut.iso'), bytes.subarray(0, -20))
    const { exitCode, json } = await cliJson('inspect', at('cut.iso'))
    expect([exitCode, json.damages.length > 0, json.fields.views[0].minutiae.length]).toEqual([3, true, count - 3])
    const text = await cli('inspect', at('cut.iso'))
    expect([text.exitCode, text.stderr]).toEqual([3, ''])
    expect(text.stdout).toMatch(/\n {2}damaged: the \d+ minutiae of a view \(offset 28\)/)
    expect(text.stdout).toContain(`minutiae (${count - 3}):`)

    const drawn = await cli('inspect', at('cut.iso'), '--png', at('cut.png'))
    expect([drawn.exitCode, existsSync(at('cut.png'))]).toEqual([3, false])
    expect(drawn.stdout).toContain('damaged: picture')
    expect((await cli('convert', at('cut.iso'), at('cut.sdkt'))).exitCode).toBe(3)

    writeFileSync(at('head.iso'), bytes.subarray(0, 12))
    const refused = await cli('inspect', at('head.iso'))
    expect([refused.exitCode, refused.stdout, refused.stderr.slice(0, 21)]).toEqual([3, '', 'sidik: RECORD_CORRUPT'])
  })

  it('shows the good fingers of CBEFF of which one is damaged', async () => {
    const template = readFileSync(target('template'))
    const record = (fingerPosition: number) =>
      templateToRecord(template, { format: 'iso-19794-2-2011', fingerPosition })
    const xml = writeCbeff([1, 2, 3].map(one => birOfFinger({ position: one, missing: false, data: record(one) })))
    writeFileSync(at('person.xml'), xml)
    const sound = await cliJson('inspect', at('person.xml'))
    expect([sound.exitCode, sound.json.damages, sound.json.prints.length]).toEqual([0, [], 3])
    const parts = xml.split('<BDB>')
    writeFileSync(at('damaged.xml'), [...parts.slice(0, 2), `!${parts[2]}`, parts[3]].join('<BDB>'))
    const { exitCode, json } = await cliJson('inspect', at('damaged.xml'))
    expect([exitCode, json.prints]).toEqual([3, ['right thumb', 'right middle finger']])
    expect(json.damages.map(({ field }: { field: string }) => field)).toEqual(['BIR BIR 2 (Right IndexFinger) BDB'])
    expect((await cli('inspect', at('damaged.xml'))).stdout).toContain('damaged: BIR BIR 2 (Right IndexFinger) BDB')
    expect((await cli('convert', at('damaged.xml'), at('damaged.sdkt'), '--print', '1')).exitCode).toBe(3)
  })

  it('says of an image that bytes stand behind its end', async () => {
    for (const to of ['png', 'jpeg', 'wsq']) {
      writeFileSync(at('longer'), Buffer.concat([readFileSync(target(to)), Buffer.from('hidden')]))
      const { exitCode, json } = await cliJson('inspect', at('longer'))
      expect([to, exitCode, json.deviations.length]).toEqual([to, 3, 1])
      expect(json.deviations[0].message).toContain('has 6 bytes behind the end of its image')
    }
    // Nothing is read of boxes that do not fit.
    writeFileSync(at('longer'), Buffer.concat([readFileSync(target('jp2')), Buffer.from('hidden')]))
    const { exitCode, json } = await cliJson('inspect', at('longer'))
    expect([exitCode, json.error.code]).toEqual([3, 'IMAGE_CORRUPT'])
  })

  it('shows a record whose prints cannot be read', async () => {
    const { exitCode, json } = await cliJson('inspect', PERSON)
    expect(exitCode).toBe(3)
    expect(json.damages[0]).toMatchObject({ field: expect.stringMatching(/^\w+ \w+ finger|thumb: /) })
    expect(json.fields.birs.length).toBeGreaterThan(2)
  })
})
