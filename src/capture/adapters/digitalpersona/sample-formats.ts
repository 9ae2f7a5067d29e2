/** What a reader is asked for: SampleFormat of the vendor's clients. */
export const SAMPLE_FORMATS = {
  /** Gray values as they were captured. */
  raw: 1,
  /** The vendor's features of minutiae: no image. */
  intermediate: 2,
  /** WSQ. */
  compressed: 3,
  png: 5,
} as const

export const NAME = 'digitalpersona'
