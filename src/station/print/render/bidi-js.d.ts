/** What is used of bidi-js, which brings no types. */
declare module 'bidi-js' {
  interface Bidi {
    /** A level for each UTF-16 unit: odd is right to left (UAX #9). */
    getEmbeddingLevels(text: string, base: 'ltr' | 'rtl'): { readonly levels: Uint8Array }
    getMirroredCharacter(character: string): string | null
  }
  const bidiFactory: () => Bidi

  export { bidiFactory as default }
}
