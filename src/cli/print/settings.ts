/** Files of settings that commands of printing take. */
import { z } from 'zod'
import { SidikError } from '../../errors.js'
import { CARD_ORDERS, type PrintPolicy } from '../../station/print/policy.js'
import type { Office } from '../../station/print/render/content.js'
import type { PrintTemplate } from '../../station/print/render/template.js'
import { readJson } from '../station/read.js'

const count = z.int().min(0).max(100_000_000)

const policy = z.strictObject({
  order: z.array(z.enum(CARD_ORDERS)).optional(),
  quota: z.strictObject({ new: count.optional(), replacement: count.optional() }).optional(),
  utcOffsetMinutes: z.int().min(-720).max(840).optional(),
})

const words = z.string().min(1).max(200)

const office = z.strictObject({
  name: words,
  regency: words,
  address: words.optional(),
  place: words,
  signer: words,
  signerTitle: words,
  signerNumber: words.optional(),
})

/** @throws SidikError FILE_UNREADABLE, SETTINGS_FORMAT */
export async function readPolicyFile(path: string | undefined): Promise<PrintPolicy | undefined> {
  return path === undefined ? undefined : ((await readAs(path, policy, 'a policy of printing')) as PrintPolicy)
}

/** @throws SidikError FILE_UNREADABLE, SETTINGS_FORMAT */
export async function readOfficeFile(path: string): Promise<Office> {
  return (await readAs(path, office, 'an office that issues letters')) as Office
}

/** What is in it is checked when it is filled. @throws SidikError FILE_UNREADABLE, SETTINGS_FORMAT */
export async function readTemplateFile(path: string | undefined): Promise<PrintTemplate | undefined> {
  return path === undefined ? undefined : ((await readAs(path, z.looseObject({}), 'a template')) as PrintTemplate)
}

async function readAs<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const read = schema.safeParse(await readJson(path))
  if (read.success) return read.data
  const where = read.error.issues[0]?.path.join('.') || 'all of it'
  throw new SidikError('SETTINGS_FORMAT', `${path} is not ${what}: see ${where}`)
}
