import { readFileSync } from 'node:fs'
import { type PrintDocument, printCards, requestCard } from 'sidik/station'
import { expect, it } from 'vitest'
import { append } from '../../../dist/station/journal/append.js'
import { partsOf } from '../../../dist/station/station.js'
import { putPayload } from '../../../dist/station/store/payloads.js'
import { BY, blanks, newOffice, nikOf, person, printerThat } from './support.ts'

const PORTRAIT = readFileSync(new URL('../../../fixtures/print/portrait.jpg', import.meta.url))

it('renders the card of the record for the blank, and prints none that is of no use', async () => {
  const station = await newOffice()
  blanks(station, 4)
  const [bare, whole] = [person(station, 1), person(station, 2)]
  const { file, keys } = partsOf(station)
  file.transaction(() => {
    const payloads = [putPayload(file, keys, 'photo', PORTRAIT)]
    const address = { street: 'Jl. Margonda Raya 54', regency: 'Kota Depok', province: 'Jawa Barat' }
    const somebody = { name: 'Siti Rahasia', birthDate: '1990-07-01', sex: 'female', birthPlace: 'Depok', address }
    const preCheck = { decision: 'clear', candidates: [], persons: 0 } as const
    const body = { nik: nikOf(2), person: somebody, operator: 'operator-7', preCheck, reason: 'photo' }
    append(station, { kind: 'corrected', direction: 'up', record: whole, recordVersion: 2, body, payloads } as never)
  })
  for (const record of [bare, whole]) requestCard(station, { record, ...BY })
  const documents: PrintDocument[] = []
  const printer = {
    ...printerThat(),
    print: async (document: PrintDocument) => {
      documents.push(document)
      return { outcome: 'printed' } as const
    },
  }
  const { printed, notPrinted } = await printCards(station, { printer })
  expect(printed.map(({ record }) => record)).toEqual([whole])
  expect(notPrinted).toMatchObject([{ record: bare, code: 'content', message: expect.stringMatching(/photo/) }])
  expect(documents).toMatchObject([{ pages: [{ widthMm: 85.6 }, { widthMm: 85.6 }] }])
  expect(
    Buffer.from(await documents[0].pdf())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-')
  expect((await printCards(station, { printer, accepts: problems => problems.length > 0 })).printed).toHaveLength(1)
  const both = { printer, template: {} as never, render: async () => documents[0] }
  await expect(printCards(station, both)).rejects.toThrow(TypeError)
})
