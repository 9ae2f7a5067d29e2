/**
 * Biometric information records in XML (CBEFF, ISO/IEC 19785-3:2007/Amd 1:2010, patron format of OASIS BIAS), as MOSIP uses them:
 * one BIR around those of a person's fingers, face and irises, and `others`, entries of MOSIP's own.
 *
 *     BIR
 *       Version, CBEFFVersion        Major, Minor
 *       BIRInfo                      Creator, Index, Payload, Integrity, CreationDate, NotValidBefore, NotValidAfter
 *       BDBInfo                      ChallengeResponse, Index, Format, Encryption, CreationDate, NotValidBefore, NotValidAfter,
 *                                    Type, Subtype, Level, Product, CaptureDevice, FeatureExtractionAlgorithm,
 *                                    ComparisonAlgorithm, CompressionAlgorithm, Purpose, Quality
 *                                      Format and the like: Organization, Type; Quality: Algorithm, Score or
 *                                      QualityCalculationFailed
 *       SBInfo                       Format
 *       BIR ...                      any number
 *       BDB                          base64: the biometric data block
 *       SB                           base64: the security block, in MOSIP a signature (JWS)
 *       others                       entry key="...": text
 *
 * Names of properties are those of the elements, in small letters as the language has them. All texts are as they stand.
 */
import type { XmlAttribute, XmlElement } from './xml-tree.js'

/** What an element holds beside what is named: kept, and written where it was. */
export interface BirExtension {
  /** Attributes, namespace declarations but for the record's own among them. */
  readonly attributes?: readonly XmlAttribute[]
  /** Elements that the schema does not have; `index` is their place among all elements of their parent. */
  readonly unknown?: readonly { readonly index: number; readonly element: XmlElement }[]
}

export interface CbeffVersion extends BirExtension {
  readonly major: number
  readonly minor: number
}

/** An entry of a registry: organisation 257 (or 'Mosip') with type 7 is a finger image, 2 finger minutiae, 8 a face, 9 an iris. */
export interface CbeffRegistryId extends BirExtension {
  readonly organization: string
  readonly type: string
}

export interface BirInfo extends BirExtension {
  readonly creator?: string
  readonly index?: string
  readonly payload?: Uint8Array
  /** Whether the security block protects the record. */
  readonly integrity?: boolean
  readonly creationDate?: string
  readonly notValidBefore?: string
  readonly notValidAfter?: string
}

export interface BdbQuality extends BirExtension {
  readonly algorithm?: CbeffRegistryId
  /** 0 to 100. */
  readonly score?: number
  /** Why there is no score. */
  readonly qualityCalculationFailed?: string
}

export interface BdbInfo extends BirExtension {
  readonly challengeResponse?: Uint8Array
  /** A UUID. */
  readonly index?: string
  readonly format?: CbeffRegistryId
  readonly encryption?: boolean
  /** As XML Schema has a dateTime: 2026-11-25T09:30:00.000Z. */
  readonly creationDate?: string
  readonly notValidBefore?: string
  readonly notValidAfter?: string
  /** 'Finger', 'Face', 'Iris', 'ExceptionPhoto' ... */
  readonly type?: readonly string[]
  /** ['Left', 'IndexFinger'] */
  readonly subtype?: readonly string[]
  /** 'Raw', 'Intermediate' or 'Processed' */
  readonly level?: string
  readonly product?: CbeffRegistryId
  readonly captureDevice?: CbeffRegistryId
  readonly featureExtractionAlgorithm?: CbeffRegistryId
  readonly comparisonAlgorithm?: CbeffRegistryId
  readonly compressionAlgorithm?: CbeffRegistryId
  /** 'Verify', 'Identify', 'Enroll', 'EnrollVerify', 'EnrollIdentify' or 'Audit' */
  readonly purpose?: string
  readonly quality?: BdbQuality
}

export interface SbInfo extends BirExtension {
  readonly format?: CbeffRegistryId
}

export interface BirEntry {
  /** EXCEPTION, RETRIES, FORCE_CAPTURED, SDK_SCORE, SPEC_VERSION, PAYLOAD ... */
  readonly key: string
  readonly value: string
}

export interface Bir extends BirExtension {
  readonly version?: CbeffVersion
  readonly cbeffVersion?: CbeffVersion
  readonly birInfo?: BirInfo
  readonly bdbInfo?: BdbInfo
  readonly sbInfo?: SbInfo
  readonly birs?: readonly Bir[]
  /** An image record, a minutiae record, an image: `bdbInfo.format` says what. */
  readonly bdb?: Uint8Array
  readonly sb?: Uint8Array
  readonly others?: readonly BirEntry[]
}

export const CBEFF_NAMESPACE = 'http://standards.iso.org/iso-iec/19785/-3/ed-2/'
