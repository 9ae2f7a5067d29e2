import type { Save } from '../../../dist/node/compact-folder.js'
import { writeGalleryFile } from '../../../dist/node/gallery-file.js'
import { openStorage, type StorageOptions } from '../../../dist/node/open-storage.js'

/** A storage with a Map for a gallery. */
export async function openHeld(folder: string, options: StorageOptions = {}) {
  const held = new Map<string, Uint8Array>()
  const receive = ({ id, template }: { id: string; template: Uint8Array }) => {
    if (held.has(id)) return 'it comes twice'
    held.set(id, template.slice())
    return undefined
  }
  const save: Save = (path, seal) => {
    const entries = [...held].map(([id, template]) => ({ id, template }))
    return writeGalleryFile(path, entries, entries.length, seal)
  }
  const storage = await openStorage(folder, { receive, has: id => held.has(id), save }, options)
  return {
    held,
    storage,
    damage: storage.damage,
    insert: (id: string, template: Uint8Array, replace = false) =>
      storage.change({
        change: { kind: 'insert', id, template },
        replace,
        apply: () => {
          // As Gallery does: what is replaced comes last.
          held.delete(id)
          held.set(id, template.slice())
        },
      }),
    remove: (id: string) => storage.change({ change: { kind: 'remove', id }, apply: () => void held.delete(id) }),
    compact: (key?: Uint8Array | null) => storage.compact(save, key),
    close: () => storage.close(),
  }
}

export type Held = Awaited<ReturnType<typeof openHeld>>

/** The state as text, in order, to be compared. */
export const asText = (held: ReadonlyMap<string, Uint8Array>) =>
  JSON.stringify([...held].map(([id, template]) => [id, Buffer.from(template).toString('hex')]))

/** What is in a folder for one who only reads. */
export async function stateIn(folder: string, options: StorageOptions = {}) {
  const opened = await openHeld(folder, { readOnly: true, ...options })
  return { text: asText(opened.held), damage: opened.damage }
}
