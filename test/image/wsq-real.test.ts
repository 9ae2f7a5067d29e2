/** Streams of NIST's encoder, of a scanner and of a law enforcement transaction, where the shared data are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { decodeWsq, encodeWsq, inspectWsq } from 'sidik/formats'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../dist/image/decode.js'
import { psnr } from './wsq-pictures.js'

const SHARED = new URL('../../../shared/data/', import.meta.url)
const WSQ = new URL('formats/wsq/', SHARED)
const ROLLED = new URL('fingerprints-unlabelled/nist-sd14/', SHARED)
const RECORDS = new URL('formats/image-records/', SHARED)
const TRANSACTION = new URL('formats/ansi-nist/good/jnbis-type-4-slaps.an2', SHARED)

function wsqFiles(folder: URL): string[] {
  return readdirSync(folder).filter(name => name.endsWith('.wsq'))
}

describe.skipIf(!existsSync(WSQ))('streams of NBIS cwsq', () => {
  for (const name of existsSync(WSQ) ? wsqFiles(WSQ) : []) {
    test(`${name} decodes as NBIS dwsq decodes it`, async () => {
      const image = await decodeImage(readFileSync(new URL(name, WSQ)))
      const reference = readFileSync(new URL(name.replace('.wsq', '.dec.raw'), WSQ))
      expect(image.ppi).toBe(500)
      expect(image.data.length).toBe(reference.length)
      let worst = 0
      let differing = 0
      reference.forEach((value, i) => {
        const difference = Math.abs(value - image.data[i])
        worst = Math.max(worst, difference)
        if (difference > 0) differing++
      })
      // What the standard asks of a decoder: no pixel off by more than one, 99.9 % of them equal.
      expect(worst).toBeLessThanOrEqual(1)
      expect(differing / reference.length).toBeLessThan(0.001)
    })
  }
})

describe.skipIf(!existsSync(WSQ))('what NBIS cwsq encoded, encoded here', () => {
  const streams = existsSync(WSQ) ? wsqFiles(WSQ) : []
  const losses: number[] = []
  for (const name of streams) {
    test(`${name} is as near to its original at no more bytes, and takes as many at the same bit rate`, async () => {
      const theirs = readFileSync(new URL(name, WSQ))
      const original = readFileSync(new URL(name.replace(/_r\d+\.wsq$/, '.raw'), WSQ))
      const { data, widthPx, heightPx } = await decodeWsq(theirs)
      const image = { data: new Uint8Array(original), widthPx, heightPx, ppi: 500 }
      const ours = await encodeWsq(image, { sizeBytes: theirs.length })
      expect(ours.length).toBeLessThanOrEqual(theirs.length)
      const loss = psnr(data, original) - psnr((await decodeWsq(ours)).data, original)
      losses.push(loss)
      expect(loss).toBeLessThan(0.1)
      const bitRate = name.includes('_r075') ? 0.75 : 2.25
      const atRate = await encodeWsq(image, { bitRate })
      expect(atRate.length / theirs.length).toBeCloseTo(1, 2)
      const [parts, theirParts] = [atRate, theirs].map(stream => inspectWsq(stream))
      expect(parts.map(({ marker }) => marker)).toEqual(theirParts.map(({ marker }) => marker))
      expect(parts[1].fields).toEqual(theirParts[1].fields)
    })
  }

  test('no worse in the mean', () => {
    expect(losses).toHaveLength(streams.length)
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeLessThan(0.01)
  })
})

describe.skipIf(!existsSync(ROLLED))('rolled prints of NIST Special Database 14', () => {
  test('every thirtieth of them decodes', async () => {
    const names = wsqFiles(ROLLED).filter((_, i) => i % 30 === 0)
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const { widthPx, heightPx, ppi, data } = await decodeImage(readFileSync(new URL(name, ROLLED)))
      expect([widthPx, heightPx, ppi]).toEqual([832, 768, 500])
      // Ink on paper: bright on the whole, and dark somewhere.
      expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeGreaterThan(120)
      expect(data.reduce((least, value) => Math.min(least, value), 255)).toBeLessThan(80)
    }
  })
})

describe.skipIf(!existsSync(RECORDS))("a live scanner's prints", () => {
  for (const finger of ['leftIndex', 'leftLittle', 'leftMiddle', 'leftRing']) {
    test(`${finger} is its raw frame but for the loss`, async () => {
      const image = await decodeImage(readFileSync(new URL(`${finger}/WSQImage.wsq`, RECORDS)))
      const raw = readFileSync(new URL(`${finger}/RawData.raw`, RECORDS))
      expect([image.widthPx, image.heightPx, image.ppi]).toEqual([316, 354, 500])
      const difference = raw.reduce((sum, value, i) => sum + Math.abs(value - image.data[i]), 0)
      // Black ridges on white at 0.66 bits a pixel lose this much; another print, or this one a pixel off, far more.
      expect(difference / raw.length).toBeLessThan(12)
    })
  }
})

describe.skipIf(!existsSync(TRANSACTION))('slaps in a transaction', () => {
  test('whose resolution is -1 in a byte are of unknown resolution', async () => {
    const file = readFileSync(TRANSACTION)
    const image = file.subarray(file.indexOf(Uint8Array.of(0xff, 0xa0, 0xff)))
    await expect(decodeImage(image)).rejects.toMatchObject({ code: 'PPI_UNKNOWN' })
    const slap = await decodeImage(image, { ppi: 500 })
    expect([slap.widthPx, slap.heightPx]).toEqual([1608, 1000])
  })
})
