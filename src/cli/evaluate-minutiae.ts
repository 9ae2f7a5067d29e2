import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Engine } from '../engine.js'
import { type ErrorCode, SidikError } from '../errors.js'
import { findSets, type Print } from '../evaluate/index.js'
import type { Minutia } from '../types.js'
import type { Context, Outcome, Run } from './command.js'
import { EXIT } from './exit-codes.js'
import { inParallel } from './in-parallel.js'
import { type LoadOptions, loadPrint } from './load-print.js'
import { countAgreement, GROUPS, type MinutiaeShares, sumCounts } from './minutiae-counts.js'
import { type CommonOptions, classicalOption, jsonOption, threadsOption } from './options.js'
import { counted, formatTable } from './text.js'
import { withEngine } from './with-engine.js'

/** One print's found and true minutiae; none found, and a code, where the print could not be used. */
interface TruthComparison {
  readonly file: string
  readonly found: readonly Minutia[]
  readonly truth: readonly Minutia[]
  readonly code?: ErrorCode
}

async function readTruth(directory: string, file: string): Promise<Minutia[]> {
  const path = join(directory, 'truth', file.replace(/\.[^.]*$/, '.json'))
  const text = await readFile(path, 'utf8').catch(cause => {
    throw new SidikError('DATASET_FORMAT', `${path} is missing: make the set by sidik synthesize --truth`, { cause })
  })
  try {
    const { minutiae } = JSON.parse(text) as { minutiae: Minutia[] }
    const isMinutia = ({ xPx, yPx, directionRad, type }: Minutia) =>
      [xPx, yPx, directionRad].every(Number.isFinite) && (type === 'ridge-ending' || type === 'bifurcation')
    if (minutiae.every(isMinutia)) return minutiae
  } catch {
    // Not JSON, or not of this shape: one message for all of it below.
  }
  throw new SidikError('DATASET_FORMAT', `${path} holds no list of minutiae: make the set by sidik synthesize --truth`)
}

async function compare(
  engine: Engine,
  directory: string,
  print: Print,
  options: LoadOptions,
): Promise<TruthComparison> {
  const { file } = print
  const truth = await readTruth(directory, file)
  try {
    const { contents } = await loadPrint(engine, print.path, options)
    return { file, found: contents.minutiae, truth }
  } catch (error) {
    if (!(error instanceof SidikError) || error.code === 'ENGINE_CLOSED') throw error
    return { file, found: [], truth, code: error.code }
  }
}

async function evaluateMinutiae(context: Context, directory: string, options: CommonOptions): Promise<Outcome> {
  const { signal, startProgress } = context
  const sets = await findSets(directory)
  if (sets.length > 1) {
    throw new SidikError('DATASET_FORMAT', `${directory} holds ${sets.length} sets; name one of them`)
  }
  const { prints } = sets[0]
  const folder = join(prints[0].path, '..')
  return withEngine(options.threads, async engine => {
    const progress = startProgress('extracting', prints.length)
    let done = 0
    const comparisons = await inParallel(prints, engine.threads, async print => {
      const comparison = await compare(engine, folder, print, { classical: options.classical, signal })
      progress.update(++done)
      return comparison
    }).finally(() => progress.stop())
    return outcomeOf(comparisons)
  })
}

function outcomeOf(comparisons: readonly TruthComparison[]): Outcome {
  const sharesOf = (of: readonly TruthComparison[], group: (typeof GROUPS)[number]) =>
    sumCounts(of.map(({ found, truth }) => countAgreement(found, truth, group)))
  const groups = GROUPS.map(group => [group, sharesOf(comparisons, group)] as const)
  const failures = comparisons.filter(each => each.code !== undefined).map(({ file, code }) => ({ file, code }))
  const json = {
    prints: comparisons.length,
    failures,
    tolerance: { distancePx: 8, directionDegrees: 15 },
    ...Object.fromEntries(groups),
    perPrint: comparisons.map(each => ({ file: each.file, ...sharesOf([each], 'pooled') })),
  }
  const text = [
    `${counted(comparisons.length, 'print')}, found and true minutiae within 8 px and 15 degrees; ${failures.length} failed`,
    ...failures.map(({ file, code }) => `  ${file}: ${code}`),
    formatTable(
      [
        ['', 'true', 'found', 'recall', 'precision', 'same type'],
        ...groups.map(([group, shares]) => [group === 'pooled' ? 'all' : group, ...cells(shares)]),
      ],
      [1, 2, 3, 4, 5],
    ),
  ].join('\n')
  return { exitCode: EXIT.DONE, json, text }
}

function cells({ truth, found, recall, precision, typeAgreement }: MinutiaeShares): (string | number)[] {
  const share = (value: number | null) => (value === null ? '-' : value.toFixed(3))
  return [truth, found, share(recall), share(precision), share(typeAgreement)]
}

export function addEvaluateMinutiae(program: Command, run: Run): void {
  program
    .command('evaluate-minutiae')
    .summary('compare found minutiae with the true ones of synthetic prints')
    .description(
      'Compares the minutiae found on synthetic prints with the true ones: recall and precision within 8 px and 15 degrees, over all and by type. A print that cannot be used counts as nothing found.',
    )
    .argument('<dir>', 'a set made by sidik synthesize --truth')
    .addOption(classicalOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .action(run(evaluateMinutiae))
}
