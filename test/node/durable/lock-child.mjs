/** Opens the storage in a folder as a writer, says `locked` or the code of the error, and waits to be told to go. */
import { writeSync } from 'node:fs'
import { openStorage } from '../../../dist/node/open-storage.js'

const [folder] = process.argv.slice(2)
const open = () => openStorage(folder, { receive: () => undefined, has: () => false })

process.stdin.setEncoding('utf8')
process.stdin.on('data', async command => {
  if (command.startsWith('open')) {
    try {
      globalThis.storage = await open()
      writeSync(1, 'locked\n')
    } catch (error) {
      writeSync(1, `${error.code}: ${error.message}\n`)
    }
  } else {
    await globalThis.storage?.close()
    process.exit(0)
  }
})
writeSync(1, 'ready\n')
