/** What a print can be converted to. */

/** Files of one image. */
export const IMAGE_TARGETS = ['png', 'jpeg', 'jp2', 'wsq', 'pgm'] as const
/** Records of standards with the image in them. */
export const IMAGE_RECORD_TARGETS = ['iso-19794-4-2005', 'iso-19794-4-2011', 'ansi-381-2004'] as const
/** Minutiae: ours, and the records of standards. */
export const MINUTIAE_TARGETS = [
  'template',
  'template-json',
  'iso-19794-2-2005',
  'iso-19794-2-2011',
  'ansi-378-2004',
  'ansi-378-2009',
  'iso-card-normal',
  'iso-card-compact',
] as const

export type ImageTarget = (typeof IMAGE_TARGETS)[number]
export type ImageRecordTarget = (typeof IMAGE_RECORD_TARGETS)[number]
export type MinutiaeTarget = (typeof MINUTIAE_TARGETS)[number]
export type Target = ImageTarget | ImageRecordTarget | MinutiaeTarget

export const TARGETS: readonly Target[] = [...IMAGE_TARGETS, ...IMAGE_RECORD_TARGETS, ...MINUTIAE_TARGETS]

/** Endings of names that say what a file is to be; others (.iso, .fmr, .fir) leave open which standard. */
const ENDINGS: Readonly<Record<string, Target>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jp2: 'jp2',
  wsq: 'wsq',
  pgm: 'pgm',
  sdkt: 'template',
  json: 'template-json',
}

/** What the name of a file says it is to be; undefined where it leaves that open. */
export function targetOfName(name: string): Target | undefined {
  return ENDINGS[name.match(/\.(\w+)$/)?.[1].toLowerCase() ?? '']
}

const isIn = <T extends string>(list: readonly T[], target: string): target is T =>
  (list as readonly string[]).includes(target)

export const isImageTarget = (target: Target): target is ImageTarget => isIn(IMAGE_TARGETS, target)
export const isImageRecordTarget = (target: Target): target is ImageRecordTarget => isIn(IMAGE_RECORD_TARGETS, target)
