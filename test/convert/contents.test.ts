import { readAnsi378v2009, readAnsiNist } from 'sidik/formats'
import { expect, it } from 'vitest'
import { contentsOf } from '../../dist/convert/contents.js'
import { readDocument } from '../../dist/convert/document.js'
import { joined, tagged, typeOne, US } from '../formats/ansi-nist/by-hand.js'
import { GOLDENS } from '../formats/minutiae/golden-records.js'

it('shows each of two fields of one number, the one that is used under its own name', async () => {
  const minutiae = [`9.006:02`, '9.006:07', '9.010:1', '9.011:0', `9.012:001${US}00100010090${US}10${US}A`]
  const typeNine = tagged(9, ['9.002:02', '9.003:1', '9.004:S', ...minutiae])
  const deviations: string[] = []
  const onDeviation = ({ message }: { message: string }) => deviations.push(message)
  const transaction = readAnsiNist(joined(typeOne({ contents: [`9${US}02`] }), typeNine), { onDeviation })
  expect(deviations).toContain('is there a second time')
  const { fields } = await contentsOf({ kind: 'ansi-nist', transaction } as never)
  const [, record] = (fields as { records: Record<string, unknown>[] }).records
  const shown = Object.entries(record).filter(([name]) => name.startsWith('9.006'))
  expect(shown.map(([name, value]) => [name.includes('(2)'), value])).toEqual([
    [false, '02'],
    [true, '07'],
  ])
})

it("says of a record of ANSI 378 whose header is that of NIST's libraries", async () => {
  const titles = await Promise.all(
    GOLDENS.filter(({ tagged }) => tagged.format === 'ansi-378-2009').map(async ({ bytes }) => {
      const { title } = await contentsOf(readDocument(bytes))
      return [readAnsi378v2009(bytes).edition, title]
    }),
  )
  expect(new Map(titles as [string, string][]).get('2007-nist')).toBe(
    "finger minutiae record, ANSI INCITS 378-2009 with the header of NIST's libraries",
  )
  expect(new Map(titles as [string, string][]).get('2009')).toBe('finger minutiae record, ANSI INCITS 378-2009')
})
