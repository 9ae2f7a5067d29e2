/**
 * node .ci/test-summary.js REPORT: the line `N passed, N failed, N skipped` of a report by vitest's JSON reporter. A
 * file whose tests could not even be collected counts as one failure. Exit code 1 when any failed or none ran.
 */
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const uncollected = report.testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0)
const passed = report.numPassedTests
const failed = report.numFailedTests + uncollected.length
const skipped = report.numPendingTests + report.numTodoTests
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
if (failed > 0 || passed === 0) process.exitCode = 1
