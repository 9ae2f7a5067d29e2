import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SidikError } from '../errors.js'
import { asFileError, type FileLayer, systemCode } from './file-layer.js'
import { isLock, isLockSocket, lockName } from './gallery-names.js'
import { isListening, listenBeside } from './lock-socket.js'
import { PRIVATE_FILE_MODE } from './modes.js'
import { livenessOf, ownIdentity, type ProcessIdentity } from './process-identity.js'
import { temporaryName } from './replace-file.js'

/**
 * The lock of a folder: a file of its own name from each process that wants it, with who that is. Whoever has put its
 * file there and then sees no other of a living process has the lock. Of two processes the one that comes later sees the
 * file of the other, so there are never two; a file that a crash left is of a process that no longer lives, which the
 * next one sees without help, and whose name no one else ever uses, so that removing it cannot hit the wrong one.
 */

interface LockFile extends ProcessIdentity {
  readonly name: string
  /** ISO 8601. */
  readonly since: string
  /** Whether there is a socket beside it (see lock-socket.ts). */
  readonly socket: boolean
}

/** For how long to wait for one who came later, and so will see us and withdraw. */
const PATIENCE_MS = 1_000
const POLL_MS = 2

/** Our file can be taken for one that a crash left before it has its name, but hardly twice. */
const MOST_TRIES = 5

const socketName = (name: string) => name.replace(/json$/, 'socket')

/** Who has a lock that somebody else wants. */
export interface LockHolder {
  /** In words: process, machine, since when. */
  readonly who: string
  /** Whether it is known to run. */
  readonly alive: boolean
  /** The name of its file in the folder. */
  readonly file: string
}

/**
 * Takes the lock of a folder; give it back by what is returned.
 *
 * @param refusal what is thrown when another has it; GALLERY_LOCKED unless given
 * @throws SidikError FILE_UNWRITABLE
 */
export async function lockFolder(
  folder: string,
  files: FileLayer,
  refusal: (holder: LockHolder) => SidikError = holder => galleryLocked(folder, holder),
): Promise<() => Promise<void>> {
  const name = lockName(randomUUID())
  const path = join(folder, name)
  const stop = await listenBeside(folder, socketName(name))
  const release = async () => {
    try {
      await files.rm(path, { force: true })
    } catch (cause) {
      throw asFileError('FILE_UNWRITABLE', `${folder} stays locked until this process ends`, cause)
    } finally {
      await stop?.()
    }
  }
  try {
    const own = { name, ...ownIdentity(), since: new Date().toISOString(), socket: stop !== undefined }
    await put(folder, own, files)
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const others = await othersIn(folder, own, files)
      const before = others.find(other => comesBefore(other, own))
      if (before ?? (others.length > 0 && performance.now() > deadline)) throw refusal(holderOf(before ?? others[0]))
      if (others.length === 0) return release
      await sleep(POLL_MS)
    }
  } catch (cause) {
    await release().catch(() => {})
    throw asFileError('FILE_UNWRITABLE', `${folder} cannot be locked for writing`, cause)
  }
}

/** The file appears with all that is in it. */
async function put(folder: string, { name, ...content }: LockFile, files: FileLayer): Promise<void> {
  for (let tries = 1; ; tries++) {
    const beside = join(folder, temporaryName(name))
    try {
      await files.writeFile(beside, `${JSON.stringify(content)}\n`, { mode: PRIVATE_FILE_MODE })
      await files.rename(beside, join(folder, name))
      return
    } catch (cause) {
      await files.rm(beside, { force: true }).catch(() => {})
      // Whoever has the lock removes such files, because crashes leave them.
      if (systemCode(cause) !== 'ENOENT' || tries === MOST_TRIES) throw cause
    }
  }
}

/** Lock files of living processes, without our own; what dead ones left is removed. */
async function othersIn(folder: string, own: LockFile, files: FileLayer): Promise<LockFile[]> {
  const others: LockFile[] = []
  const names = await files.readdir(folder)
  for (const name of names) {
    if (!isLock(name) || name === own.name) continue
    const other = await readLock(folder, name, files)
    if (other === undefined) continue
    if (await isGone(folder, other, own)) {
      await files.rm(join(folder, socketName(name)), { force: true })
      await files.rm(join(folder, name), { force: true })
    } else others.push(other)
  }
  if (others.length === 0) {
    // A crash before there was a lock file leaves a socket alone.
    const alone = names.filter(name => isLockSocket(name) && !names.includes(name.replace(/socket$/, 'json')))
    for (const name of alone) await files.rm(join(folder, name), { force: true })
  }
  return others.sort((a, b) => (comesBefore(a, b) ? -1 : 1))
}

async function isGone(folder: string, other: LockFile, own: LockFile): Promise<boolean> {
  const liveness = livenessOf(other, own)
  if (liveness !== 'hidden' || !other.socket) return liveness === 'dead'
  return (await isListening(folder, socketName(other.name))) === false
}

/** Undefined when it was removed meanwhile. */
async function readLock(folder: string, name: string, files: FileLayer): Promise<LockFile | undefined> {
  const text = await files.readFile(join(folder, name), 'utf8').catch(cause => {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw cause
  })
  if (text === undefined) return undefined
  const content = parse(text)
  if (content !== undefined) return { ...content, name }
  // It came whole: if it is not whole now, the machine lost power before it was on the disk, and who wrote it is gone.
  await files.rm(join(folder, name), { force: true })
  return undefined
}

function parse(text: string): Omit<LockFile, 'name'> | undefined {
  try {
    const content = JSON.parse(text)
    return typeof content.pid === 'number' && typeof content.since === 'string' ? content : undefined
  } catch {
    return undefined
  }
}

function comesBefore(a: LockFile, b: LockFile): boolean {
  return a.since === b.since ? a.name < b.name : a.since < b.since
}

function holderOf(lock: LockFile): LockHolder {
  const who = `process ${lock.pid} on ${lock.host} since ${lock.since}`
  return { who, alive: livenessOf(lock) === 'alive', file: lock.name }
}

function galleryLocked(folder: string, { who, alive, file }: LockHolder): SidikError {
  const hint = alive ? '; close it there, or open it readOnly' : `; if that no longer runs, delete ${file} there`
  return new SidikError('GALLERY_LOCKED', `${folder} is open for writing: ${who}${hint}`)
}
