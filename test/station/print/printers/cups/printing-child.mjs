// Prints a PDF by CUPS until it is killed: node printing-child.mjs SERVER QUEUE LP PDF
import { readFileSync } from 'node:fs'
import { cupsPrinter } from '../../../../../dist/station/print/printers/index.js'

const [server, queue, lpPath, file] = process.argv.slice(2)
const pages = [{ widthMm: 85.6, heightMm: 53.98 }]
const document = {
  title: 'Card of a child',
  pages,
  pdf: async () => readFileSync(file),
  png: async () => new Uint8Array(),
}
await cupsPrinter({ server, queue, lpPath }).print(document)
