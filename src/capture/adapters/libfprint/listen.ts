import { randomUUID } from 'node:crypto'
import { link, lstat, rename, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { SidikError } from '../../../errors.js'
import { systemCode } from '../../../node/file-layer.js'

/** What a socket left by a crash is called while it is looked at. */
const aside = (path: string) => `${path}.${randomUUID()}`

/**
 * Listens on a UNIX socket. One that a crash left there is removed, one on which a process listens never.
 *
 * @throws SidikError DEVICE_BUSY when another process listens there; DEVICE_UNREACHABLE when there can be no socket
 */
export async function listenAt(path: string, onClient: (client: Socket) => void): Promise<Server> {
  try {
    return await listen(path, onClient)
  } catch (cause) {
    if (systemCode(cause) !== 'EADDRINUSE') throw unreachable(path, cause)
  }
  if (await isHeard(path)) throw busy(path)
  if ((await lstat(path).catch(() => undefined))?.isSocket() === false) {
    throw new SidikError('DEVICE_UNREACHABLE', `${path} is there, and is no socket: name another path`)
  }
  await removeLeft(path)
  try {
    return await listen(path, onClient)
  } catch (cause) {
    throw systemCode(cause) === 'EADDRINUSE' ? busy(path) : unreachable(path, cause)
  }
}

function listen(path: string, onClient: (client: Socket) => void): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, onClient)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      // A connection that could not be accepted is that client's trouble.
      server.on('error', () => {})
      resolve(server)
    })
  })
}

/** Between the look and the removal somebody else may have begun to listen: what is there is set aside, and looked at again. */
async function removeLeft(path: string): Promise<void> {
  const beside = aside(path)
  try {
    await rename(path, beside)
    if (await isHeard(beside)) {
      await link(beside, path)
      throw busy(path)
    }
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    if (!['ENOENT', 'EEXIST'].includes(systemCode(cause)!)) throw unreachable(path, cause)
  } finally {
    await rm(beside, { force: true })
  }
}

/** Whether a process listens there; of a file that is no socket the system says the same as of a socket that was left. */
function isHeard(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', error => resolve(!(systemCode(error) === 'ECONNREFUSED' || systemCode(error) === 'ENOENT')))
  })
}

function busy(path: string): SidikError {
  return new SidikError('DEVICE_BUSY', `another program listens at ${path}: end it, or name another path`)
}

function unreachable(path: string, cause: unknown): SidikError {
  const { message } = cause as Error
  return new SidikError('DEVICE_UNREACHABLE', `there can be no socket at ${path}: ${message}`, { cause })
}
