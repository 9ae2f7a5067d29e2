/** What is used of the WebAssembly build of OpenJPEG in @cornerstonejs/codec-openjpeg, which has no types of its own. */

export interface FrameInfo {
  readonly width: number
  readonly height: number
  readonly bitsPerSample: number
  readonly componentCount: number
  readonly isSigned: boolean
}

/** Freed by hand: both live in the module's memory. */
export interface J2KDecoder {
  /** Room for a codestream. */
  getEncodedBuffer(bytes: number): Uint8Array
  /** Says nothing where it fails: the size is then 0. */
  decode(): void
  getFrameInfo(): FrameInfo
  /** Samples of 8 bits, or of 16 little-endian, interleaved; gone with the decoder. */
  getDecodedBuffer(): Uint8Array
  delete(): void
}

export interface J2KEncoder {
  getDecodedBuffer(info: FrameInfo): Uint8Array
  setQuality(lossless: boolean, layers: number): void
  /** Only for a layer that setQuality has made. */
  setCompressionRatio(layer: number, ratio: number): void
  encode(): void
  /** A codestream without a file round it. */
  getEncodedBuffer(): Uint8Array
  delete(): void
}

export interface OpenJpeg {
  readonly HEAPU8: Uint8Array
  readonly J2KDecoder: new () => J2KDecoder
  readonly J2KEncoder: new () => J2KEncoder
}

/** What the module is: makes an instance with memory of its own. */
export type OpenCodec = (options: { print(line: string): void; printErr(line: string): void }) => Promise<OpenJpeg>
