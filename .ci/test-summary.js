/**
 * node .ci/test-summary.js REPORT...: the line `N passed, N failed, N skipped` of reports by vitest's JSON reporter. A
 * test that never ended, because its process died, counts as failed (the report itself calls it pending, and the whole
 * a success), and so does a file whose tests could not be collected. Exit code 1 when any failed or none passed.
 */
import { readFileSync } from 'node:fs'

const testResults = process.argv.slice(2).flatMap(path => JSON.parse(readFileSync(path, 'utf8')).testResults)
const states = testResults.flatMap(({ status, assertionResults }) =>
  status === 'failed' && assertionResults.length === 0 ? ['failed'] : assertionResults.map(test => test.status),
)
const count = (...names) => states.filter(state => names.includes(state)).length
const passed = count('passed')
const skipped = count('skipped', 'todo', 'disabled')
const failed = states.length - passed - skipped
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
if (failed > 0 || passed === 0) process.exitCode = 1
