/** Templates, records and images of the standards, read and written (entry point `sidik/formats`). */
export { type DecodedWsq, decodeWsq } from '../image/wsq/decode.js'
export { type EncodeWsqOptions, encodeWsq } from '../image/wsq/encode.js'
export { inspectWsq, type WsqField, type WsqSegment } from '../image/wsq/inspect.js'
export { decodeTemplate, encodeTemplate } from '../template/native.js'
export type { AnsiNistCompression } from './ansi-nist/compression.js'
export { fieldMnemonic, fieldName } from './ansi-nist/field-names.js'
export {
  type FingerSegment,
  type FrictionRidgeImage,
  type ImageHeader,
  imageHeader,
  imagesOf,
  type MissingFinger,
  type NistQuality,
} from './ansi-nist/images.js'
export { type TransactionInformation, transactionInformation } from './ansi-nist/information.js'
export { type AnsiNistMinutiae, type MinutiaeImage, minutiaeOf } from './ansi-nist/minutiae.js'
export { readAnsiNist } from './ansi-nist/read.js'
export { buildTenPrint, type TenPrint } from './ansi-nist/ten-print.js'
export type { TenPrintFinger, TenPrintImage, TenPrintSlap } from './ansi-nist/ten-print-parts.js'
export type {
  AnsiNistRecord,
  AnsiNistTransaction,
  DataField,
  FixedImageRecord,
  OpaqueRecord,
  SignatureRecord,
  TaggedField,
  TaggedRecord,
  TextField,
} from './ansi-nist/transaction.js'
export { writeAnsiNist } from './ansi-nist/write.js'
export { type CaptureTime, type QualityBlock, UNKNOWN_TIME } from './capture.js'
export type {
  BdbInfo,
  BdbQuality,
  Bir,
  BirEntry,
  BirExtension,
  BirInfo,
  CbeffRegistryId,
  CbeffVersion,
  SbInfo,
} from './cbeff/bir.js'
export { CBEFF_NAMESPACE } from './cbeff/bir.js'
export { birOfFinger, type CbeffFinger, fingersOfBir } from './cbeff/fingers.js'
export { readCbeff } from './cbeff/read.js'
export { writeCbeff } from './cbeff/write.js'
export type { XmlAttribute, XmlElement } from './cbeff/xml-tree.js'
export { CAPTURE_DEVICE_TECHNOLOGIES, impressionsOf } from './code-names.js'
export type { Deviation, ReadOptions } from './deviation.js'
export { FRICTION_RIDGE_POSITIONS, type FrictionRidgePosition } from './finger-positions.js'
export type { Ansi381v2004Record } from './images/ansi381-2004.js'
export { readAnsi381v2004, writeAnsi381v2004 } from './images/ansi381-2004-codec.js'
export { compressionsOf, type ImageCompression } from './images/compressions.js'
export type { ExtendedBlock } from './images/extended-blocks-2011.js'
export { imageRecordFormatOf } from './images/format-of.js'
export { type ImageRecord, readImageRecord, writeImageRecord } from './images/image-record.js'
export { type ImageRecordOptions, imageRecordOf, type RecordImage } from './images/image-record-of.js'
export type { Iso19794p4v2005Image, Iso19794p4v2005Record } from './images/iso19794-4-2005.js'
export { readIso19794p4v2005 } from './images/iso19794-4-2005-read.js'
export { writeIso19794p4v2005 } from './images/iso19794-4-2005-write.js'
export type {
  Iso19794p4v2011Record,
  Iso19794p4v2011Representation,
} from './images/iso19794-4-2011.js'
export { readIso19794p4v2011 } from './images/iso19794-4-2011-read.js'
export { writeIso19794p4v2011 } from './images/iso19794-4-2011-write.js'
export { imagesOfRecord, type StatedImage } from './images/stated-image.js'
export { TEMPLATE_JSON_SCHEMA, type TemplateJson } from './json/template-json.js'
export { templateFromJson, templateToJson } from './json/template-json-convert.js'
export { type Ansi378v2004Record, readAnsi378v2004, writeAnsi378v2004 } from './minutiae/ansi378-2004.js'
export { type Ansi378v2009Record, readAnsi378v2009, writeAnsi378v2009 } from './minutiae/ansi378-2009.js'
export type { Ansi378v2009Edition } from './minutiae/ansi378-2009-edition.js'
export type { Ansi378v2009View } from './minutiae/ansi378-2009-view.js'
export type { ExtensionContext } from './minutiae/extension-context.js'
export { decodeExtension, encodeExtension, type RecordExtension } from './minutiae/extensions.js'
export type { FingerView } from './minutiae/finger-view.js'
export { minutiaeFormatOf } from './minutiae/format-of.js'
export { type Iso19794p2v2005Record, readIso19794p2v2005, writeIso19794p2v2005 } from './minutiae/iso19794-2-2005.js'
export {
  type CardSize,
  type Iso19794p2v2005Card,
  readIso19794p2v2005Card,
  writeIso19794p2v2005Card,
} from './minutiae/iso19794-2-2005-card.js'
export { type Iso19794p2v2011Record, readIso19794p2v2011, writeIso19794p2v2011 } from './minutiae/iso19794-2-2011.js'
export type { Iso19794p2v2011Representation } from './minutiae/iso19794-2-2011-representation.js'
export type { MinutiaOrder } from './minutiae/minutia-order.js'
export type { MinutiaTypeCode, RecordMinutia } from './minutiae/minutia-words.js'
export {
  type DetectableRecord,
  type MinutiaeRecord,
  readMinutiaeRecord,
  writeMinutiaeRecord,
} from './minutiae/minutiae-record.js'
export { type RecordOptions, recordOfMinutiae } from './minutiae/print-record.js'
export { pruneMinutiae } from './minutiae/prune.js'
export { type MinutiaePrint, minutiaeOfRecord } from './minutiae/record-print.js'
export { recordToTemplate, templateOfMinutiae, templateToRecord } from './minutiae/template-record.js'
export { QUALITY_FAILED, QUALITY_NOT_REPORTED } from './quality.js'
export type { ImageRecordFormat, MinutiaeFormat, RecordFormat } from './record-formats.js'
