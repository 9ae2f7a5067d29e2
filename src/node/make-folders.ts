import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemCode } from './file-layer.js'

/**
 * Makes the folder `path` and those above it that are not there. Returns the first that was made, undefined when all were there. Not by Node's own
 * `recursive`, which below a folder that takes none and says ENOENT (/proc) never ends.
 *
 * @throws what the system says
 */
export async function makeFolders(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    await mkdir(path, { mode })
    return path
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return undefined
    if (code !== 'ENOENT' || dirname(path) === path) throw error
  }
  const first = await makeFolders(dirname(path), mode)
  try {
    await mkdir(path, { mode })
    return first ?? path
  } catch (error) {
    // Somebody else made it meanwhile.
    if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return first
    throw error
  }
}
