import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Engine } from '../engine.js'
import { DEFAULTS } from '../options.js'
import type { Context, Outcome, Run } from './command.js'
import { type DemoPictures, drawDemo } from './demo-pictures.js'
import { demoReport } from './demo-report.js'
import { type DemoResult, runDemo, type Visit } from './demo-run.js'
import { EXIT } from './exit-codes.js'
import { type CommonOptions, jsonOption, threadsOption } from './options.js'
import { writeOutput } from './output-file.js'
import { formatMs, formatScore, formatTable } from './text.js'
import { withEngine } from './with-engine.js'

/** The package's own synthetic prints. */
const FIXTURES = fileURLToPath(new URL('../../fixtures/prints', import.meta.url))

interface DemoOptions extends CommonOptions {
  readonly output: string
  readonly prints: string
}

async function demo(context: Context, options: DemoOptions): Promise<Outcome> {
  return withEngine(options.threads, async engine => {
    const result = await runDemo(engine, options.prints, context)
    const pictures = await draw(engine, result, options.output, context)
    context.signal.throwIfAborted()
    const report = join(options.output, 'report.html')
    await writeOutput(report, demoReport(result, pictures))
    const asExpected = result.visits.every(visit => visit.asExpected)
    const exitCode = asExpected ? EXIT.DONE : EXIT.NO_MATCH
    return { exitCode, json: asJson(result, pictures, report), text: asText(result, pictures, report) }
  })
}

async function draw(engine: Engine, result: DemoResult, folder: string, context: Context): Promise<DemoPictures> {
  const progress = context.startProgress('drawing', result.enrolled.length + result.visits.length)
  let done = 0
  return drawDemo(engine, result, folder, () => {
    context.signal.throwIfAborted()
    progress.update(++done)
  }).finally(() => progress.stop())
}

const decisionOf = ({ match }: Visit) => (match ? `enrolled before, as ${match.enrollee.name}` : 'not enrolled before')

function asJson(result: DemoResult, pictures: DemoPictures, report: string): unknown {
  return {
    minScore: DEFAULTS.leastScore,
    enrolled: result.enrolled.map(({ enrollee, print }, index) => ({
      ...enrollee,
      minutiae: print.contents.minutiae.length,
      quality: print.contents.quality,
      extractMs: print.extractMs,
      overlay: pictures.enrolled[index].path,
    })),
    enrolMs: result.enrolMs,
    visitors: result.visits.map(({ visitor, print, ranking, match, asExpected, searchMs }, index) => ({
      ...visitor,
      candidates: ranking.map(({ enrolled, score }) => ({ id: enrolled.enrollee.nik, score })),
      enrolledAs: match?.enrollee.nik ?? null,
      asExpected,
      extractMs: print.extractMs,
      searchMs,
      overlay: pictures.visits[index].path,
    })),
    report,
  }
}

function asText(result: DemoResult, pictures: DemoPictures, report: string): string {
  const enrolled = result.enrolled.map(({ enrollee, print }) => [
    enrollee.nik,
    enrollee.name,
    print.contents.minutiae.length,
    print.contents.quality,
    formatMs(print.extractMs ?? 0),
  ])
  const visits = result.visits.map(visit => [
    visit.visitor.name,
    visit.ranking[0]?.enrolled.enrollee.name ?? '-',
    visit.ranking[0] ? formatScore(visit.ranking[0].score) : '-',
    decisionOf(visit),
    formatMs(visit.print.extractMs ?? 0),
    formatMs(visit.searchMs),
  ])
  const wrong = result.visits.filter(visit => !visit.asExpected)
  return [
    `Enrolled ${result.enrolled.length} residents in ${formatMs(result.enrolMs)} (invented people, synthetic prints)`,
    '',
    formatTable([['NIK', 'name', 'minutiae', 'quality', 'extracted in'], ...enrolled], [2, 3, 4]),
    '',
    `At the office: a finger known already? (threshold ${DEFAULTS.leastScore})`,
    '',
    formatTable(
      [['visitor', 'resembles most', 'score', 'decision', 'extracted in', 'searched in'], ...visits],
      [2, 4, 5],
    ),
    '',
    ...wrong.map(({ visitor }) => `WRONG: this is not the truth about ${visitor.name}`),
    `report:   ${report}`,
    `overlays: ${[...pictures.visits, ...pictures.enrolled].map(({ path }) => path).join('\n          ')}`,
  ].join('\n')
}

export function addDemo(program: Command, run: Run): void {
  program
    .command('demo')
    .summary('enrol a small population, find one who returns under a new name')
    .description(
      'Enrols a small population from synthetic prints, then brings one resident back under a new name and one who is new, and reports what was found. Exit code 1 when that is not the truth.',
    )
    .option('-o, --output <dir>', 'folder for the report and overlays', join('out', 'demo'))
    .option('--prints <dir>', 'folder with the prints 101_1.png to 108_4.png', FIXTURES)
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(demo))
}
