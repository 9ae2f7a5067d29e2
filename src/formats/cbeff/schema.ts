/** The elements of a BIR in their order, what they hold and as which property (mosip-cbeff.xsd, after OASIS cbeff_ed2.xsd). */

/** A 'moment' is a text that should be a dateTime of XML Schema. */
export type LeafKind = 'text' | 'moment' | 'boolean' | 'count' | 'score' | 'bytes' | 'list'

export type StructureName = 'Version' | 'RegistryId' | 'BirInfo' | 'Quality' | 'BdbInfo' | 'SbInfo' | 'Bir'

export interface Child {
  readonly element: string
  readonly property: string
  readonly kind: LeafKind | StructureName | 'entries'
  /** May come any number of times: its property is an array. */
  readonly isMany?: true
  /** By the schema; 'to be read' where nothing is said without it. */
  readonly required?: 'by the schema' | 'to be read'
  /** The only texts that the schema allows. */
  readonly values?: ReadonlySet<string>
}

function child(element: string, kind: Child['kind'], more: Partial<Child> = {}): Child {
  // BIRInfo is birInfo, CBEFFVersion cbeffVersion, SB sb, CreationDate creationDate.
  const property = element.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, letters => letters.toLowerCase())
  return { element, property, kind, ...more }
}

const REQUIRED = { required: 'by the schema' } as const
const NEEDED = { required: 'to be read' } as const
const oneOf = (values: string) => ({ values: new Set(values.split(' ')) })

const VALIDITY = ['CreationDate', 'NotValidBefore', 'NotValidAfter'].map(name => child(name, 'moment'))

const TYPES =
  'Scent DNA Ear Face Finger Foot HandGeometry Vein Iris Retina Voice Gait Keystroke LipMovement SignatureSign Palm BackOfHand ' +
  'Wrist ExceptionPhoto'
const SUBTYPES =
  'Left Right Thumb IndexFinger MiddleFinger RingFinger LittleFinger LeftVein RightVein Palm BackOfHand Wrist Reserved1 Reserved2'

export const STRUCTURES: Readonly<Record<StructureName, readonly Child[]>> = {
  Version: [child('Major', 'count', NEEDED), child('Minor', 'count', NEEDED)],
  RegistryId: [child('Organization', 'text', NEEDED), child('Type', 'text', NEEDED)],
  BirInfo: [
    child('Creator', 'text'),
    child('Index', 'text'),
    child('Payload', 'bytes'),
    child('Integrity', 'boolean', REQUIRED),
    ...VALIDITY,
  ],
  Quality: [
    child('Algorithm', 'RegistryId', REQUIRED),
    child('Score', 'score'),
    child('QualityCalculationFailed', 'text'),
  ],
  BdbInfo: [
    child('ChallengeResponse', 'bytes'),
    child('Index', 'text'),
    child('Format', 'RegistryId'),
    child('Encryption', 'boolean'),
    ...VALIDITY,
    child('Type', 'list', oneOf(TYPES)),
    child('Subtype', 'list', oneOf(SUBTYPES)),
    child('Level', 'text', oneOf('Raw Intermediate Processed')),
    child('Product', 'RegistryId'),
    child('CaptureDevice', 'RegistryId'),
    child('FeatureExtractionAlgorithm', 'RegistryId'),
    child('ComparisonAlgorithm', 'RegistryId'),
    child('CompressionAlgorithm', 'RegistryId'),
    child('Purpose', 'text', oneOf('Verify Identify Enroll EnrollVerify EnrollIdentify Audit')),
    child('Quality', 'Quality'),
  ],
  SbInfo: [child('Format', 'RegistryId')],
  Bir: [
    child('Version', 'Version'),
    child('CBEFFVersion', 'Version'),
    child('BIRInfo', 'BirInfo', REQUIRED),
    child('BDBInfo', 'BdbInfo'),
    child('SBInfo', 'SbInfo'),
    child('BIR', 'Bir', { isMany: true, property: 'birs' }),
    child('BDB', 'bytes'),
    child('SB', 'bytes'),
    child('others', 'entries'),
  ],
}

export function isStructure(kind: Child['kind']): kind is StructureName {
  return kind in STRUCTURES
}
