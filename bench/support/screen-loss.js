/** How often a search loses a mate: how many of the best it has to return for the mate to be among them. */
import { LEARNED_SHORTLIST, SHORTLIST } from '../../dist/options.js'
import { syntheticTemplate } from '../../dist/synthesize/index.js'
import { decodeTemplate } from '../../dist/template/native.js'
import { formatTable, whole } from './table.js'

/** Synthetic fingers that the prints are hidden among. */
const OTHERS = 1_000_000

const LIMITS = [1 + 7, LEARNED_SHORTLIST, SHORTLIST]
const MINUTIAE = [0, 16, 30, 256]

/**
 * Every two prints of one finger, by the searches that a person's screen makes, among a million others. The 7 other prints of the
 * finger are in the gallery too and may come first.
 */
export async function reportScreenLoss(engine, prints, seed) {
  const gallery = engine.createGallery()
  for (let finger = 0; finger < OTHERS; finger++) gallery.insert(`other ${finger}`, syntheticTemplate(seed, finger))
  prints.forEach(({ template }, i) => {
    gallery.insert(`print ${i}`, template)
  })
  await gallery.buildIndex()
  const found = []
  for (const [probe, { finger, template }] of prints.entries()) {
    const mates = [...prints.keys()].filter(i => i !== probe && prints[i].finger === finger)
    if (mates.length === 0) continue
    const minutiae = decodeTemplate(template).minutiae.length
    const returned = []
    for (const limit of LIMITS) {
      const { candidates } = await gallery.search(template, { limit, minScore: 0 })
      returned.push(new Set(candidates.map(({ id }) => id)))
    }
    for (const mate of mates) found.push({ minutiae, lost: returned.map(ids => !ids.has(`print ${mate}`)) })
  }
  const rows = MINUTIAE.slice(1).map((below, k) => {
    const some = found.filter(({ minutiae }) => minutiae >= MINUTIAE[k] && minutiae < below)
    const shares = LIMITS.map((_, i) => some.filter(({ lost }) => lost[i]).length)
    const percent = count => `${whole(count)} (${((100 * count) / some.length).toFixed(2)} %)`
    return [`${MINUTIAE[k]} to ${below - 1}`, whole(some.length), ...shares.map(percent)]
  })
  console.log(`\nthe screen among ${whole(gallery.size)}: mates that are not among so many candidates`)
  console.log(formatTable(['minutiae of the probe', 'mated pairs', ...LIMITS], rows))
}
