import { decodeTemplate, encodeTemplate } from '../../template/native.js'
import type { Template } from '../../types.js'
import type { ReadOptions } from '../deviation.js'
import { readMinutiaeRecord, writeMinutiaeRecord } from './minutiae-record.js'
import { type RecordOptions, recordOfMinutiae } from './print-record.js'
import { type MinutiaePrint, minutiaeOfRecord } from './record-print.js'

/**
 * A template of one view of a minutiae record of any format but the card formats. It has no codes yet (methodVersion 0):
 * they are made from its minutiae when it is compared. Directions of ANSI records are rounded to 256ths of a turn.
 *
 * @throws SidikError RECORD_FORMAT, RECORD_VERSION or RECORD_CORRUPT as {@link readMinutiaeRecord}
 * @throws RangeError when `viewIndex` is not that of a view
 */
export function recordToTemplate(bytes: Uint8Array, viewIndex = 0, options?: ReadOptions): Template {
  return templateOfMinutiae(minutiaeOfRecord(readMinutiaeRecord(bytes, options), viewIndex))
}

/** A template of minutiae alone, such as those of a card format. */
export function templateOfMinutiae(print: MinutiaePrint): Template {
  const geometricCodes = { bits: new Uint8Array(0), masks: new Uint32Array(0) }
  return encodeTemplate({ ...print, methodVersion: 0, geometricCodes })
}

/**
 * The record of one template (see {@link recordOfMinutiae}); codes are left out, as the standards have no place for them.
 *
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION or TEMPLATE_CORRUPT as {@link decodeTemplate}
 * @throws TypeError when the format has no place for an option
 * @throws RangeError when an option is out of range, or a minutia lies beyond the coordinates of the format
 */
export function templateToRecord(template: Template, options: RecordOptions): Uint8Array<ArrayBuffer> {
  return writeMinutiaeRecord(recordOfMinutiae(decodeTemplate(template), options))
}
