// Prints the card of argv[3] into the folder argv[2], and says what came of it: node writing-child.mjs FOLDER TITLE BYTES
import { filePrinter } from '../../../../dist/station/print/printers/index.js'

const [folder, title, bytes] = process.argv.slice(2)
const pdf = Buffer.alloc(Number(bytes), '%PDF-')
const document = { title, pages: [{ widthMm: 85.6, heightMm: 53.98 }], pdf: async () => pdf, png: async () => pdf }
process.stdout.write('begins\n')
const outcome = await filePrinter({ folder, format: 'pdf' }).print(document)
process.stdout.write(`${JSON.stringify(outcome)}\n`)
