import { chmod, open } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { systemCode } from './file-layer.js'
import { PRIVATE_FILE_MODE } from './modes.js'

/**
 * A socket beside a lock's file, which the system closes when its process ends, however it ends: by it a process of the
 * same machine can be seen whose number says nothing here, as that of another container.
 */

/** sockaddr_un holds 108 bytes on Linux, 104 on the BSDs; Node cuts longer names short without a word. */
const MAX_PATH_BYTES = 100

/** Listens at `name` in `folder`; what is returned stops it. Undefined where the file system has no sockets. */
export async function listenBeside(folder: string, name: string): Promise<(() => Promise<void>) | undefined> {
  return inFolder(folder, name, (path, leave) => {
    const server = createServer(socket => socket.destroy())
    return new Promise(resolve => {
      server.once('error', () => resolve(undefined))
      server.listen(path, async () => {
        server.unref()
        // Where it cannot be had, the folder's own mode has to do.
        await chmod(path, PRIVATE_FILE_MODE).catch(() => {})
        resolve(async () => {
          await new Promise(closed => server.close(closed))
          await leave()
        })
      })
    })
  })
}

/** Whether a process listens there; undefined where that cannot be told. */
export async function isListening(folder: string, name: string): Promise<boolean | undefined> {
  const answer = await inFolder(folder, name, async (path, leave) => {
    const heard = await new Promise<boolean | undefined>(resolve => {
      const socket = connect(path, () => {
        resolve(true)
        socket.destroy()
      })
      socket.once('error', error => resolve(systemCode(error) === 'ECONNREFUSED' ? false : undefined))
      socket.once('close', () => resolve(undefined))
    })
    await leave()
    return { heard }
  })
  return answer?.heard
}

/** Gives `work` a short path of `name`, which on Linux there is for any folder. It calls `leave` when it is done. */
async function inFolder<T>(
  folder: string,
  name: string,
  work: (path: string, leave: () => Promise<void>) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (process.platform === 'win32') return undefined
  if (process.platform !== 'linux') {
    const path = join(folder, name)
    return Buffer.byteLength(path) > MAX_PATH_BYTES ? undefined : work(path, async () => {})
  }
  const handle = await open(folder, 'r').catch(() => undefined)
  if (handle === undefined) return undefined
  const answer = await work(`/proc/self/fd/${handle.fd}/${name}`, () => handle.close())
  if (answer === undefined) await handle.close()
  return answer
}
