/**
 * npm run bench [-- --suite NAME] [--json FILE]     extraction, comparison and 1:N search, some minutes
 * npm run bench -- --quick [--record] [--json FILE] every kernel against a reference, under a minute; exit code 1 when
 *                                                   one has become slower (bench/quick.js). --record: the times of this
 *                                                   run are the expected ones from now on
 *
 * Results also go to out/bench/<suite>.json, with what they depend on: processor, cores, version of Node.js.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchComparison, formatComparison } from './comparison.js'
import { benchExtraction, formatExtraction } from './extraction.js'
import { formatQuick, quickBench } from './quick.js'
import { benchSearch, formatSearch } from './search.js'
import { describeMachine } from './support/machine.js'

const OUT = fileURLToPath(new URL('../out/bench/', import.meta.url))

const SUITES = {
  extraction: { run: benchExtraction, format: formatExtraction },
  comparison: { run: benchComparison, format: formatComparison },
  search: { run: benchSearch, format: formatSearch },
}

const { quick, record, suite, json } = readArguments()
const machine = describeMachine()
const date = new Date().toISOString()
console.log(`${machine.cpu}, ${machine.cores} cores, Node.js ${machine.node}`)

const results = []
if (quick) {
  const result = await quickBench({ record })
  console.log(formatQuick(result))
  results.push(result)
  if (!result.ok) process.exitCode = 1
} else {
  for (const name of suite ? [suite] : Object.keys(SUITES)) {
    const result = await SUITES[name].run()
    console.log(`\n${SUITES[name].format(result)}\n`)
    results.push(result)
  }
}
for (const result of results) await save(join(OUT, `${result.suite}.json`), { machine, date, ...result })
if (json) await save(json, { machine, date, results })

async function save(file, value) {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`)
  console.log(`written: ${file}`)
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      suite: { type: 'string' },
      json: { type: 'string' },
    },
  })
  if (values.suite !== undefined && !(values.suite in SUITES)) {
    throw new RangeError(`--suite must be one of ${Object.keys(SUITES).join(', ')}`)
  }
  if (values.record && !values.quick) throw new RangeError('--record goes with --quick')
  return values
}
