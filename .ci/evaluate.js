/**
 * node .ci/evaluate.js DIR: error rates of two of the development sets under DIR, one of an easy sensor and one of a
 * hard one. Exit code 1 when a print failed or an EER (all pairs) is above its bound. The bounds are far above what is
 * measured: they are there to notice that something broke, not to rank a change (`sidik evaluate` does that).
 */
import { join } from 'node:path'
import { createEngine } from 'sidik'
import { evaluateFolder, formatReport } from 'sidik/evaluate'

const SETS = [
  { name: 'fvc2002-db1b', mostEer: 0.04 },
  { name: 'fvc2004-db3b', mostEer: 0.06 },
]

const engine = await createEngine()
for (const { name, mostEer } of SETS) {
  const report = await evaluateFolder(engine, join(process.argv[2], name))
  console.log(formatReport(report))
  const [{ failures, allPairs }] = report.sets
  const ok = failures === 0 && allPairs.eer <= mostEer
  const found = `${name}: EER ${(100 * allPairs.eer).toFixed(2)} %, bound ${100 * mostEer} %; ${failures} prints failed`
  console.log(`${found}: ${ok ? 'ok' : 'NOT OK'}\n`)
  if (!ok) process.exitCode = 1
}
await engine.close()
