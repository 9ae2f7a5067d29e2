/** Image to template on one thread, as a whole (benny) and stage by stage (the core tells when each is done). */
import benny from 'benny'
import { Extractor, STAGES } from '../dist/core/extractor.js'
import { Matcher } from '../dist/core/matcher.js'
import { extractPrint } from '../dist/extract.js'
import { loadCore } from '../dist/node/core-file.js'
import { loadNetwork } from '../dist/node/network-file.js'
import { loadPrints } from './support/prints.js'
import { figure, formatTable } from './support/table.js'

/** After the last stage: quality, reading results out, template. */
const REST = 'template'

/** Each of the fixtures in turn, so that the mean is over prints of different size and kind. */
export async function benchExtraction({ seconds = 20 } = {}) {
  const module = loadCore()
  const prints = await loadPrints()
  const sums = new Map([...STAGES, REST].map(stage => [stage, 0]))
  let last = 0
  const extractor = new Extractor(module, loadNetwork(), stage => mark(stage))
  const matcher = new Matcher(module)

  function mark(stage) {
    const now = performance.now()
    sums.set(stage, sums.get(stage) + now - last)
    last = now
  }
  function extractOne(print) {
    last = performance.now()
    const { minutiae } = extractPrint(extractor, matcher, print)
    mark(REST)
    return minutiae.length
  }

  const minutiae = prints.map(extractOne)
  for (const stage of sums.keys()) sums.set(stage, 0)
  let count = 0
  const test = () => extractOne(prints[count++ % prints.length])
  const options = { initCount: 1, minSamples: prints.length, maxTime: seconds }
  const summary = await benny.suite('extraction', benny.add('extract', test, options))

  const { mean, median, min, max } = summary.results[0].details
  return {
    suite: 'extraction',
    prints: prints.length,
    extractions: count,
    minutiaeMean: minutiae.reduce((sum, each) => sum + each, 0) / prints.length,
    extractMs: { mean: 1000 * mean, median: 1000 * median, min: 1000 * min, max: 1000 * max },
    stagesMs: Object.fromEntries([...sums].filter(([, sum]) => sum > 0).map(([stage, sum]) => [stage, sum / count])),
  }
}

export function formatExtraction({ prints, extractMs, stagesMs, minutiaeMean }) {
  const total = Object.values(stagesMs).reduce((sum, each) => sum + each, 0)
  const rows = Object.entries(stagesMs).map(([stage, ms]) => [stage, figure(ms), `${figure((100 * ms) / total)} %`])
  const whole = `extraction of ${prints} synthetic prints, ${figure(minutiaeMean)} minutiae each`
  const times = `mean ${figure(extractMs.mean)} ms, median ${figure(extractMs.median)} ms, on one thread`
  return `${whole}: ${times}\n${formatTable(['stage', 'ms', 'share'], rows)}`
}
