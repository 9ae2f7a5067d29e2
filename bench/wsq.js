/**
 * node bench/wsq.js SAMPLES PRINTS: WSQ against NIST's codec (NBIS 5.0.0), and what it costs.
 *
 * SAMPLES holds NAME.raw, NAME_r075.wsq and NAME_r225.wsq as NIST's encoder wrote them, and NAME_r*.dec.raw as its decoder read
 * them: pixels that differ, and how near both encoders come to the original in as many bytes. PRINTS holds WSQ files: CPU time of
 * this process a megapixel, all of them decoded, and encoded at two bit rates and to their own sizes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeWsq, encodeWsq } from '../dist/formats/index.js'
import { formatTable } from './support/table.js'

/** V8 compiles the core's functions again once they were called a few times. */
const WARMING = 30

const [samples, prints] = process.argv.slice(2)
if (prints === undefined) throw new Error('give the folders of samples and of prints')
await compareWithNist(samples)
await measureTimes(prints)

async function compareWithNist(folder) {
  const rows = []
  const gains = []
  for (const name of wsqFiles(folder)) {
    const theirs = readFileSync(join(folder, name))
    const original = readFileSync(join(folder, name.replace(/_r\d+\.wsq$/, '.raw')))
    const reference = readFileSync(join(folder, name.replace('.wsq', '.dec.raw')))
    const { data, widthPx, heightPx } = await decodeWsq(theirs)
    const image = { data: new Uint8Array(original), widthPx, heightPx, ppi: 500 }
    const ours = await encodeWsq(image, { sizeBytes: theirs.length })
    const near = psnr((await decodeWsq(ours)).data, original)
    gains.push(near - psnr(data, original))
    const atRate = await encodeWsq(image, { bitRate: name.includes('_r075') ? 0.75 : 2.25 })
    const differing = data.reduce((sum, value, i) => sum + (value === reference[i] ? 0 : 1), 0)
    const most = data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - reference[i])), 0)
    rows.push([
      name,
      most,
      `${((100 * differing) / data.length).toFixed(3)} %`,
      theirs.length,
      atRate.length,
      ours.length,
      psnr(data, original).toFixed(3),
      near.toFixed(3),
      gains.at(-1).toFixed(3),
    ])
  }
  const header = ['sample', 'off by', 'pixels off', 'NIST bytes', 'at its rate', 'to its size', 'NIST dB', 'dB', 'gain']
  console.log(formatTable(header, rows))
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
  console.log(`  gain: mean ${mean.toFixed(4)} dB, worst ${Math.min(...gains).toFixed(4)} dB\n`)
}

async function measureTimes(folder) {
  const files = wsqFiles(folder).map(name => readFileSync(join(folder, name)))
  const works = {
    decode: file => decodeWsq(file),
    'encode, 0.75 bits a pixel': (_, image) => encodeWsq(image),
    'encode, 2.25 bits a pixel': (_, image) => encodeWsq(image, { bitRate: 2.25 }),
    'encode, to its size': (file, image) => encodeWsq(image, { sizeBytes: file.length }),
  }
  const rows = []
  for (const [name, work] of Object.entries(works)) {
    let cpuMs = 0
    let pixels = 0
    for (const [i, file] of [...files.slice(0, WARMING), ...files].entries()) {
      const image = { ...(await decodeWsq(file)), ppi: 500 }
      const before = process.cpuUsage()
      await work(file, image)
      const { user, system } = process.cpuUsage(before)
      if (i < WARMING) continue
      cpuMs += (user + system) / 1000
      pixels += image.data.length
    }
    rows.push([name, files.length, (cpuMs / (pixels / 1e6)).toFixed(2)])
  }
  console.log(formatTable(['', 'prints', 'CPU ms a megapixel'], rows))
}

function wsqFiles(folder) {
  return readdirSync(folder)
    .filter(name => name.endsWith('.wsq'))
    .sort()
}

/** Peak signal to noise ratio, dB. */
function psnr(a, b) {
  const squares = a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0)
  return 10 * Math.log10((255 ** 2 * a.length) / squares)
}
