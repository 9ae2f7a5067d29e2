/** What is to be recorded of somebody, as a file beside the prints. */
import { dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { readPrintFile } from '../../node/read-file.js'
import type { Changes } from '../../station/enrol/correct.js'
import type { Enrolment, GivenFinger } from '../../station/enrol/types.js'
import { readJson } from './read.js'

const schema = z.strictObject({
  nik: z.string(),
  person: z.record(z.string(), z.unknown()),
  operator: z.string().min(1),
  /** By position, the name of the file: absolute, or from the folder of this one. */
  prints: z.record(z.string().regex(/^([1-9]|10)$/), z.string().min(1)),
  exceptions: z
    .record(z.string().regex(/^([1-9]|10)$/), z.enum(['amputated', 'bandaged', 'unreadable', 'not-captured']))
    .optional(),
  photo: z.string().optional(),
  signature: z.string().optional(),
  overrides: z
    .array(z.strictObject({ code: z.string(), position: z.int().min(1).max(10).optional(), reason: z.string().min(1) }))
    .optional(),
})

/** Members of a correction, each of which may be left out. */
const changesSchema = schema.partial()

/** @throws SidikError FILE_UNREADABLE, APPLICATION_FORMAT */
export async function readApplication(path: string): Promise<Enrolment> {
  const { prints, ...rest } = await readAs(path, schema)
  return { ...(await withFiles(path, rest)), fingers: await fingersOf(path, prints) } as unknown as Enrolment
}

/** Reads the changes of a correction, and who makes them. Throws as {@link readApplication}. */
export async function readChanges(path: string): Promise<Changes & { readonly operator?: string }> {
  const { prints, ...rest } = await readAs(path, changesSchema)
  const changes = await withFiles(path, rest)
  return (prints === undefined ? changes : { ...changes, fingers: await fingersOf(path, prints) }) as never
}

/**
 * What only a programmer's mistake can cause elsewhere is a mistake in the file here. Values are
 * named by none of these.
 */
export function faultOf(file: string, error: unknown): never {
  if (!(error instanceof TypeError || error instanceof RangeError)) throw error
  throw new SidikError('APPLICATION_FORMAT', `${file}: ${error.message}`)
}

async function readAs<T>(path: string, as: z.ZodType<T>): Promise<T> {
  const read = as.safeParse(await readJson(path))
  if (read.success) return read.data
  const [issue] = read.error.issues
  // Not what somebody wrote in the place of a name.
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.find(key => /^[a-z_]{1,32}$/i.test(key)) : undefined
  if (unknown !== undefined) {
    const at = [...issue!.path, unknown].join('.')
    throw new SidikError('APPLICATION_FORMAT', `${path} has a member that is not known: ${at}`)
  }
  const where = issue?.path.join('.') || 'all of it'
  throw new SidikError('APPLICATION_FORMAT', `${path} is no application: see ${where} in docs/station-enrol.md`)
}

const beside = (path: string, name: string) => readPrintFile(isAbsolute(name) ? name : join(dirname(path), name))

async function fingersOf(path: string, prints: Readonly<Record<string, string>>): Promise<GivenFinger[]> {
  const fingers = []
  for (const [position, name] of Object.entries(prints)) {
    fingers.push({ position: Number(position), image: await beside(path, name) })
  }
  return fingers
}

/** The same with the bytes of the files that it names. */
async function withFiles<T extends { photo?: string | undefined; signature?: string | undefined }>(
  path: string,
  { photo, signature, ...rest }: T,
) {
  return {
    ...rest,
    ...(photo !== undefined && { photo: await beside(path, photo) }),
    ...(signature !== undefined && { signature: await beside(path, signature) }),
  }
}
