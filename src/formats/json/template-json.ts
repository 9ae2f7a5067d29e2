/**
 * A template as JSON: everything that it holds, in words and whole numbers, so that a template that is written and read again is the
 * same to the byte. Positions are pixels at 500 ppi from the top left corner; directions are degrees, counter-clockwise from the
 * right, of which a template knows multiples of 1.40625 (a 256th of a turn); codes are base64.
 */
import * as z from 'zod'
import { MAX_FINGER_POSITION, MAX_MINUTIAE, MAX_QUALITY, MINUTIA_TYPES } from '../../template/minutia-codes.js'
import { CODE_BYTES, MASK_BYTES } from '../../template/native-layout.js'

export const TEMPLATE_JSON_FORMAT = 'sidik-template'
export const TEMPLATE_JSON_VERSION = 1

/** A 256th of a turn. */
export const DIRECTION_STEP_DEG = 360 / 256

const whole = (least: number, most: number, description: string) => z.int().min(least).max(most).describe(description)

const base64 = (bytes: number, description: string) =>
  z.base64().describe(`${description}: ${bytes} bytes a minutia, in the order of the minutiae`)

const minutia = z.strictObject({
  xPx: whole(0, 0xfffe, 'from the left, below widthPx'),
  yPx: whole(0, 0xfffe, 'from the top, below heightPx'),
  directionDeg: z
    .number()
    .min(0)
    .lt(360)
    .multipleOf(DIRECTION_STEP_DEG)
    .describe(
      'counter-clockwise from the right: of an ending from its tip back along its ridge, of a bifurcation along the valley between its branches',
    ),
  type: z.enum(MINUTIA_TYPES),
  quality: whole(0, MAX_QUALITY, '0 not reported'),
})

const schema = z
  .strictObject({
    format: z.literal(TEMPLATE_JSON_FORMAT),
    version: z.literal(TEMPLATE_JSON_VERSION),
    widthPx: whole(1, 0xffff, 'width of the image at 500 ppi'),
    heightPx: whole(1, 0xffff, 'height of the image at 500 ppi'),
    sourcePpi: whole(0, 0xffff, 'resolution before the image was resampled to 500 ppi; 0 unknown'),
    quality: whole(0, MAX_QUALITY, 'of the print'),
    fingerPosition: whole(
      0,
      MAX_FINGER_POSITION,
      'ISO/IEC 19794-2:2005 table 2: 0 unknown, 1 right thumb to 5 right little, 6 left thumb to 10 left little finger',
    ),
    methodVersion: whole(0, 0xffffffff, 'of the method that made the geometric codes; 0 unknown'),
    minutiae: z.array(minutia).max(MAX_MINUTIAE),
    geometricCodes: z
      .strictObject({
        bits: base64(CODE_BYTES, 'codes'),
        masks: base64(MASK_BYTES, 'which cells round a minutia lie inside the print, little-endian'),
      })
      .optional(),
    learnedCodes: z
      .strictObject({
        networkVersion: whole(1, 0xffffffff, 'of the network that made them; codes of different ones are not compared'),
        bits: base64(CODE_BYTES, 'codes'),
      })
      .optional(),
  })
  .meta({ title: 'Fingerprint template of Sidik' })

export type TemplateJson = z.infer<typeof schema>

/** Checks the form alone; what one field says of another is checked where it is read. */
export const templateJsonSchema: z.ZodType<TemplateJson> = schema

/** What {@link TemplateJson} is, as JSON Schema (draft 2020-12). Fields that it does not name are refused. */
export const TEMPLATE_JSON_SCHEMA = z.toJSONSchema(schema)
