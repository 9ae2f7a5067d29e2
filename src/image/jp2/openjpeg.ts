/**
 * OpenJPEG in WebAssembly, loaded when the first JPEG 2000 image comes and kept for the next. It works on one image at a time and
 * to its end, so calls cannot meet inside it.
 */
import { SidikError } from '../../errors.js'
import { corrupt } from '../pixels.js'
import type { OpenCodec, OpenJpeg } from './codec.js'

interface Instance {
  readonly codec: OpenJpeg
  /** What it has said since it was last emptied. */
  readonly messages: string[]
}

/** WebAssembly gives no memory back: an instance that has grown beyond this (50 MiB at first) is not kept. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024

const PACKAGE = '@cornerstonejs/codec-openjpeg'

let kept: Promise<Instance> | undefined

async function load(): Promise<Instance> {
  // @ts-expect-error: the package has no types, codec.ts has them.
  const { default: open }: { default: OpenCodec } = await import('@cornerstonejs/codec-openjpeg/wasmjs')
  const messages: string[] = []
  // It writes what it thinks of an image to the console unless told otherwise.
  const listen = (line: string) => void messages.push(line)
  return { codec: await open({ print: listen, printErr: listen }), messages }
}

/**
 * What `work` makes with the codec. Warnings count as errors: damaged data is only a warning,
 * and would be a print of something else.
 *
 * @throws SidikError IMAGE_CORRUPT where the codec stops, fails or warns; CORE_MISSING where it
 *   does not load
 */
export async function withOpenJpeg<T>(work: (codec: OpenJpeg) => T): Promise<T> {
  kept ??= load()
  const instance = kept
  const forget = () => {
    if (kept === instance) kept = undefined
  }
  const { codec, messages } = await instance.catch(cause => {
    forget()
    const why = cause instanceof Error ? cause.message : String(cause)
    const remedy = `install ${PACKAGE}, and leave it out of bundles (docs/bundlers.md)`
    throw new SidikError('CORE_MISSING', `the JPEG 2000 codec does not load (${why}): ${remedy}`, { cause })
  })
  messages.length = 0
  try {
    const result = work(codec)
    const complaint = messages.find(line => /\[(ERROR|WARNING)\]/.test(line))
    if (complaint !== undefined) throw corrupt('JPEG 2000', complaint.replace(/^.*\[\w+\]\s*/, '').trim())
    return result
  } catch (error) {
    if (error instanceof SidikError) throw error
    // It stopped in the middle of something: what its memory holds is anyone's guess.
    forget()
    throw corrupt('JPEG 2000', 'its decoder stopped', error)
  } finally {
    if (codec.HEAPU8.length > MAX_KEPT_BYTES) forget()
  }
}
