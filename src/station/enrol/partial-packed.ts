/** An unfinished enrolment as JSON with bytes, and back: frames of 16 bits have no other form there. */
import type { ImageInput, RawFrame } from '../../types.js'
import type { Packable } from './packed.js'
import type { GivenFinger, PartialEnrolment } from './types.js'

type PackedFrame = Omit<RawFrame, 'data'> & { readonly data: Uint8Array; readonly bits: 8 | 16 }

export function packable(partial: PartialEnrolment): { readonly [name: string]: Packable } {
  const { fingers, ...rest } = partial
  const packed = fingers?.map(({ image, ...finger }) => ({
    ...finger,
    ...(image !== undefined && { image: packedImage(image) }),
  }))
  return { ...(rest as { readonly [name: string]: Packable }), ...(packed && { fingers: packed as Packable }) }
}

export function unpackable(packed: { readonly [name: string]: Packable }): PartialEnrolment {
  const { fingers, ...rest } = packed as PartialEnrolment
  if (fingers === undefined) return rest
  const unpacked = fingers.map(
    ({ image, ...finger }): GivenFinger => ({
      ...finger,
      ...(image !== undefined && { image: unpackedImage(image as Uint8Array | PackedFrame) }),
    }),
  )
  return { ...rest, fingers: unpacked }
}

function packedImage(image: ImageInput): Uint8Array | PackedFrame {
  if (image instanceof Uint8Array) return image
  if (image instanceof ArrayBuffer) return new Uint8Array(image)
  const { data, widthPx, heightPx, ppi } = image
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const bits = data instanceof Uint16Array ? 16 : 8
  return { data: bytes, bits, widthPx, heightPx, ...(ppi !== undefined && { ppi }) }
}

function unpackedImage(image: Uint8Array | PackedFrame): ImageInput {
  if (image instanceof Uint8Array) return image
  const { data, bits, ...frame } = image
  return { ...frame, data: bits === 8 ? data : new Uint16Array(new Uint8Array(data).buffer) }
}
