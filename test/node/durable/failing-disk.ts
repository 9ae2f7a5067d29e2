import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FileLayer } from '../../../dist/node/file-layer.js'

export interface Plan {
  /** What becomes of a call, such as `datasync tail-000001.sidiktail`: undefined lets it through. `at` counts from 0. */
  readonly before: (call: string, at: number) => Error | undefined
  /** How much of a write that fails is written all the same, as a share. */
  readonly written?: number
}

export interface FailingDisk extends FileLayer {
  /** What was asked for, in order; only what changes something. */
  readonly calls: readonly string[]
  /** Stretches of files that were written and never synced: a loss of power can leave anything there. */
  readonly unsynced: ReadonlyMap<string, readonly { from: number; to: number }[]>
  /** How long files were when they were last synced: no loss of power makes them shorter. */
  readonly syncedBytes: ReadonlyMap<string, number>
}

export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: a test wants it`), { code, syscall: 'test' })
}

/** The real files, with a plan of what fails. Reading never fails here. */
export function failingDisk(plan: Plan): FailingDisk {
  const calls: string[] = []
  const unsynced = new Map<string, { from: number; to: number }[]>()
  const syncedBytes = new Map<string, number>()
  const ask = (name: string, path: string) => {
    const call = `${name} ${basename(path).replace(/\.[0-9a-f-]{36}\./, '.*.')}`
    calls.push(call)
    return plan.before(call, calls.length - 1)
  }
  const asking = <A extends unknown[], R>(name: string, pathAt: number, work: (...args: A) => Promise<R>) => {
    return async (...args: A) => {
      const error = ask(name, String(args[pathAt]))
      if (error) throw error
      return work(...args)
    }
  }
  const guarded = (handle: FileHandle, path: string) => {
    const write = async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      const error = ask('write', path)
      const part = error ? Math.floor(length * (plan.written ?? 0)) : length
      if (part > 0) {
        await handle.write(bytes, offset, part, position)
        unsynced.set(path, [...(unsynced.get(path) ?? []), { from: position, to: position + part }])
      }
      if (error) throw error
      return { bytesWritten: part, buffer: bytes }
    }
    const synced = (name: 'sync' | 'datasync') => async () => {
      const error = ask(name, path)
      if (error) throw error
      await handle[name]()
      unsynced.delete(path)
      syncedBytes.set(path, (await handle.stat()).size)
    }
    const asked =
      <A>(name: string, work: (argument: A) => Promise<void>) =>
      async (argument: A) => {
        const error = ask(name, path)
        if (error) throw error
        await work(argument)
      }
    const members: Record<string, unknown> = {
      write,
      sync: synced('sync'),
      datasync: synced('datasync'),
      truncate: asked('truncate', (size: number) => handle.truncate(size)),
      writeFile: asked('writeFile', (bytes: Uint8Array) => handle.writeFile(bytes)),
    }
    return new Proxy(handle, {
      get(target, name: string) {
        if (name in members) return members[name]
        const member = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }
  return {
    calls,
    unsynced,
    syncedBytes,
    readdir,
    readFile,
    stat,
    link: asking('link', 1, link),
    mkdir: asking('mkdir', 0, mkdir),
    rename: asking('rename', 1, async (from: string, to: string) => {
      await rename(from, to)
      // What was written to the file before is of no file any more.
      unsynced.delete(to)
    }),
    rm: asking('rm', 0, rm),
    writeFile: asking('writeFile', 0, writeFile as typeof mkdir),
    open: async (path: string, flags: string, mode?: number) => {
      const error = flags === 'r' ? undefined : ask(`open-${flags}`, path)
      if (error) throw error
      const handle = await open(path, flags, mode)
      // What is opened to go on with was synced before it got its name.
      if (flags === 'r+') syncedBytes.set(path, (await handle.stat()).size)
      return guarded(handle, path)
    },
  } as unknown as FailingDisk
}
