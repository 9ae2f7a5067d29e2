import type * as z from 'zod'
import { SidikError } from '../../errors.js'
import { codeOfDirection, directionOfCode } from '../../template/minutia-codes.js'
import { decodeTemplate, encodeTemplate } from '../../template/native.js'
import { CODE_BYTES, MASK_BYTES } from '../../template/native-layout.js'
import type { Template, TemplateContents } from '../../types.js'
import {
  DIRECTION_STEP_DEG,
  TEMPLATE_JSON_FORMAT,
  TEMPLATE_JSON_VERSION,
  type TemplateJson,
  templateJsonSchema,
} from './template-json.js'

/**
 * The template as an object for JSON.stringify, which {@link templateFromJson} makes the same template of, byte for byte.
 *
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION or TEMPLATE_CORRUPT as {@link decodeTemplate}
 */
export function templateToJson(template: Template): TemplateJson {
  const { minutiae, geometricCodes, learnedCodes, ...rest } = decodeTemplate(template)
  return {
    format: TEMPLATE_JSON_FORMAT,
    version: TEMPLATE_JSON_VERSION,
    ...rest,
    minutiae: minutiae.map(({ xPx, yPx, directionRad, type, quality }) => {
      return { xPx, yPx, directionDeg: codeOfDirection(directionRad) * DIRECTION_STEP_DEG, type, quality }
    }),
    ...(geometricCodes.bits.length > 0 && {
      geometricCodes: { bits: toBase64(geometricCodes.bits), masks: toBase64(bytesOf(geometricCodes.masks)) },
    }),
    ...(learnedCodes && {
      learnedCodes: { networkVersion: learnedCodes.networkVersion, bits: toBase64(learnedCodes.bits) },
    }),
  }
}

/**
 * The template that `json` describes: what JSON.parse gave, or its text.
 *
 * @throws SidikError RECORD_FORMAT for what is no JSON, or no template of ours; RECORD_VERSION for one of a newer version;
 *   RECORD_CORRUPT for one whose fields are not what the schema says or contradict each other, naming the field
 */
export function templateFromJson(json: unknown): Template {
  const value = typeof json === 'string' ? parsed(json) : json
  checkIdentity(value)
  const found = templateJsonSchema.safeParse(value)
  if (!found.success) throw corruptBy(found.error.issues[0])
  return encodeTemplate(contentsOf(found.data))
}

/**
 * The largest template takes 48 KB as JSON that is indented by two; five times as much leaves room for other spaces.
 * Checked before anything is parsed: what is parsed takes many times its text in memory.
 */
const MAX_TEMPLATE_JSON_BYTES = 256 * 1024

/** @throws SidikError RECORD_FORMAT for more bytes, or characters, than a template's JSON has */
export function checkTemplateJsonSize(length: number): void {
  if (length <= MAX_TEMPLATE_JSON_BYTES) return
  const message = `JSON of ${length} bytes, a template's has ${MAX_TEMPLATE_JSON_BYTES} at most: give a template's JSON`
  throw new SidikError('RECORD_FORMAT', message)
}

function parsed(text: string): unknown {
  checkTemplateJsonSize(text.length)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SidikError('RECORD_FORMAT', `no JSON (${(cause as Error).message}): give a template's JSON`, { cause })
  }
}

function checkIdentity(value: unknown): void {
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  if (format !== TEMPLATE_JSON_FORMAT) {
    throw new SidikError(
      'RECORD_FORMAT',
      `JSON whose 'format' is not '${TEMPLATE_JSON_FORMAT}': give a template's JSON`,
    )
  }
  if (typeof version === 'number' && version > TEMPLATE_JSON_VERSION) {
    const message = `JSON of version ${version}, this program reads version ${TEMPLATE_JSON_VERSION}: update sidik`
    throw new SidikError('RECORD_VERSION', message)
  }
}

function contentsOf({ minutiae, geometricCodes, learnedCodes, ...json }: TemplateJson): TemplateContents {
  const { widthPx, heightPx } = json
  const count = minutiae.length
  for (const [i, { xPx, yPx, directionDeg }] of minutiae.entries()) {
    if (xPx >= widthPx) throw corrupt(`minutiae[${i}].xPx`, `is ${xPx}, the image is ${widthPx} px wide`)
    if (yPx >= heightPx) throw corrupt(`minutiae[${i}].yPx`, `is ${yPx}, the image is ${heightPx} px high`)
    // The schema's check lets pass what is off by rounding.
    if (!Number.isInteger(directionDeg / DIRECTION_STEP_DEG)) {
      throw corrupt(`minutiae[${i}].directionDeg`, `is ${directionDeg}, no multiple of ${DIRECTION_STEP_DEG}`)
    }
  }
  if (count === 0 && geometricCodes) throw corrupt('geometricCodes', 'are there, without any minutia')
  if (count === 0 && learnedCodes) throw corrupt('learnedCodes', 'are there, without any minutia')
  return {
    widthPx,
    heightPx,
    sourcePpi: json.sourcePpi,
    quality: json.quality,
    fingerPosition: json.fingerPosition,
    methodVersion: json.methodVersion,
    minutiae: minutiae.map(({ directionDeg, ...minutia }) => {
      return { ...minutia, directionRad: directionOfCode(directionDeg / DIRECTION_STEP_DEG) }
    }),
    geometricCodes: {
      bits: bytesFrom('geometricCodes.bits', geometricCodes?.bits, geometricCodes ? count * CODE_BYTES : 0),
      masks: wordsOf(bytesFrom('geometricCodes.masks', geometricCodes?.masks, geometricCodes ? count * MASK_BYTES : 0)),
    },
    ...(learnedCodes && {
      learnedCodes: {
        networkVersion: learnedCodes.networkVersion,
        bits: bytesFrom('learnedCodes.bits', learnedCodes.bits, count * CODE_BYTES),
      },
    }),
  }
}

function bytesFrom(field: string, base64: string | undefined, length: number): Uint8Array {
  const bytes = Uint8Array.from(atob(base64 ?? ''), character => character.charCodeAt(0))
  if (bytes.length !== length) throw corrupt(field, `has ${bytes.length} bytes, the minutiae need ${length}`)
  return bytes
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}

function bytesOf(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * MASK_BYTES))
  words.forEach((word, i) => {
    view.setUint32(i * MASK_BYTES, word, true)
  })
  return new Uint8Array(view.buffer)
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer)
  return Uint32Array.from({ length: bytes.length / MASK_BYTES }, (_, i) => view.getUint32(i * MASK_BYTES, true))
}

function corruptBy({ path, message }: z.core.$ZodIssue): SidikError {
  const field = path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
  return corrupt(field.join('') || 'the object', message)
}

function corrupt(field: string, problem: string): SidikError {
  return new SidikError('RECORD_CORRUPT', `template's JSON damaged: ${field}: ${problem}; use another copy of it`)
}
