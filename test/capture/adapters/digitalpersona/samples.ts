import type { GrayImage } from 'sidik'
import { encodeImage } from '../../../../dist/image/encode-image.js'
import { encodeWsq } from '../../../../dist/image/wsq/encode.js'

export const RAW = 1
export const INTERMEDIATE = 2
export const COMPRESSED = 3
export const PNG = 5

export const base64url = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64url')

/** BioSample round FpImage, as the documentation of the vendor's API shows them (numbers of a U.are.U reader). */
export function bioSample(image: GrayImage, data: Uint8Array, changes: Record<string, unknown> = {}) {
  const { Format, Header, ...rest } = changes as { Format?: object; Header?: object }
  const fpImage = {
    Version: 1,
    Header: { uDataType: 1, DeviceId: 0, DeviceType: 6296422711555, iDataAcquisitionProgress: 100 },
    Format: {
      uDataType: 1,
      uImageType: 2,
      iWidth: image.widthPx,
      iHeight: image.heightPx,
      iXdpi: image.ppi,
      iYdpi: image.ppi,
      uBPP: 8,
      uPadding: 2,
      uSignificantBpp: 8,
      uPolarity: 2,
      uRGBcolorRepresentation: 0,
      uPlanes: 1,
      ...Format,
    },
    Compression: 0,
    Data: base64url(data),
    ...rest,
  }
  return {
    Version: 1,
    Header: {
      Factor: 8,
      Format: { FormatOwner: 51, FormatID: 0 },
      Type: 1,
      Purpose: 0,
      Quality: -1,
      Encryption: 0,
      ...Header,
    },
    Data: base64url(JSON.stringify(fpImage)),
  }
}

/** What an agent puts into `samples` for a print, before it is made JSON. */
export async function samplesOf(image: GrayImage, sampleFormat: number): Promise<unknown[]> {
  if (sampleFormat === RAW) return [bioSample(image, image.data)]
  if (sampleFormat === COMPRESSED) return [bioSample(image, await encodeWsq(image), { Compression: 2 })]
  return [base64url(await encodeImage(image, 'png'))]
}
