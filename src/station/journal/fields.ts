/** Fields that bodies of several kinds of entries have. */
import { z } from 'zod'

export const short = z.string().min(1).max(64)
export const words = z.string().max(2_000)
export const recordId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
/** Id of a request, card or letter: random, so that it names no person. */
export const cardId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
export const hash = z.string().regex(/^[0-9a-f]{64}$/)
export const count = z.int().min(0)
export const time = z.iso.datetime({ precision: 3 })
export const operator = z.string().min(1).max(200)
