import { SidikError } from '../errors.js'

/** Runs `work` on the file at `path`; an error about its data gets the path in front, which who gave several needs. */
export async function namingFile<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SidikError) || error.message.includes(path)) throw error
    throw new SidikError(error.code, `${path}: ${error.message}`, { cause: error })
  }
}
