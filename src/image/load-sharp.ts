/** sharp, loaded when it is needed first: it takes 0.2 s of a processor, and templates, records and galleries do without. */
export async function loadSharp() {
  return (await import('sharp')).default
}
