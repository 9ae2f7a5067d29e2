/** What is to be recorded of somebody, as a file beside the prints. */
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { readPrintFile } from '../../node/read-file.js'
import type { Enrolment } from '../../station/enrol/types.js'
import { readJson } from './read.js'

const schema = z.strictObject({
  nik: z.string(),
  person: z.record(z.string(), z.unknown()),
  operator: z.string().min(1),
  /** By position, the name of the file. */
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

/** @throws SidikError FILE_UNREADABLE, APPLICATION_FORMAT */
export async function readApplication(path: string): Promise<Enrolment> {
  const read = schema.safeParse(await readJson(path))
  if (!read.success) {
    const where = read.error.issues[0]?.path.join('.') || 'all of it'
    throw new SidikError('APPLICATION_FORMAT', `${path} is no application: see ${where} in docs/station-enrol.md`)
  }
  const { prints, photo, signature, ...rest } = read.data
  const beside = (name: string) => join(dirname(path), name)
  const fingers = []
  for (const [position, name] of Object.entries(prints)) {
    fingers.push({ position: Number(position), image: await readPrintFile(beside(name)) })
  }
  return {
    ...rest,
    fingers,
    ...(photo !== undefined && { photo: await readPrintFile(beside(photo)) }),
    ...(signature !== undefined && { signature: await readPrintFile(beside(signature)) }),
  } as unknown as Enrolment
}
