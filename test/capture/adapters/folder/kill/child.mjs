/** Takes the prints of a folder: it writes down, and says on stdout, when it begins, gets and accepts. */
import fs, { appendFileSync, writeSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [folder, record, mode] = process.argv.slice(2)
if (mode === 'polling') {
  // As on network folders, of which the system tells nothing.
  fs.watch = () => {
    throw new Error('this folder cannot be watched')
  }
  syncBuiltinESMExports()
}
const { folderSource } = await import('../../../../../dist/capture/adapters/folder/index.js')
const source = folderSource({ folder, settleMs: 10, pollMs: 30 })
const say = word => {
  appendFileSync(record, `${word}\n`)
  writeSync(1, `${word}\n`)
}
say('begun')
for await (const frame of source.capture({ timeoutMs: 60_000 })) {
  const name = `${frame.label}#${frame.position ?? 0}`
  say(`got ${name}`)
  // Whoever asks for the next frame accepts this one; some are accepted by word as well.
  if (frame.widthPx % 2 === 0) {
    await source.accept(frame)
    say(`accepted ${name}`)
  }
}
