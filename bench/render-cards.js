/**
 * Cards drawn: fronts and backs at 300 dpi, PNG, each of another person, several at once.
 *
 *     node bench/render-cards.js [1000] [at once: 4]
 */
import { availableParallelism } from 'node:os'
import { cardDocument } from '../dist/station/print/render/index.js'
import { cardOf } from './support/print-golden.js'
import { SITI } from './support/print-persons.js'

const cards = Number(process.argv[2] ?? 1_000)
const atOnce = Number(process.argv[3] ?? 4)
const DPI = 300

const FIRST = ['Agus', 'Budi', 'Citra', 'Dewi', 'Eko', 'Fitri', 'Gede', 'Hasan', 'Indah', 'Joko', 'Kartika']
const LAST = [
  'Contoh',
  'Percobaan',
  'Misalnya Saja',
  'Nama Panjang Sekali Wijayakusumaningrat',
  'Uji',
  'Karangan',
  'Rekaan',
]

function person(i) {
  const name = `${FIRST[i % FIRST.length]} ${LAST[i % LAST.length]} ${i}`
  const nik = `32760157039${String(i).padStart(5, '0')}`
  return { nik, person: { ...SITI.person, name } }
}

let next = 0
let bytes = 0
async function work() {
  for (let i = next++; i < cards; i = next++) {
    const document = await cardDocument({ ...cardOf(person(i)), serial: `AB${String(i).padStart(8, '0')}` })
    for (const page of [0, 1]) {
      const png = await document.png(page, DPI)
      bytes += png.length
    }
  }
}

const started = performance.now()
const cpuBefore = process.cpuUsage()
await Promise.all(Array.from({ length: atOnce }, work))
const wallMs = performance.now() - started
const cpu = process.cpuUsage(cpuBefore)
const cpuMs = (cpu.user + cpu.system) / 1_000
console.log(
  `${cards} cards, front and back at ${DPI} dpi, ${availableParallelism()} processors: ${(wallMs / 1_000).toFixed(1)} s, ` +
    `${(wallMs / cards).toFixed(0)} ms a card (${(cpuMs / cards).toFixed(0)} ms of processor), ${(bytes / cards / 1024).toFixed(0)} KB a card`,
)
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
