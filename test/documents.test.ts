import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../dist/cli/program.js'
import { DEFAULTS, LEARNED_SHORTLIST, SCANNED, SHORTLIST } from '../dist/options.js'

/** What the documents say of commands, options and constants, held against the sources. */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
/** docs/experiments.md and CHANGELOG.md tell of what was: their commands may be gone. */
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'training/README.md', 'training/ablation.sh'].concat(
  readdirSync(join(ROOT, 'docs'))
    .filter(name => name.endsWith('.md') && name !== 'experiments.md')
    .map(name => `docs/${name}`),
)

interface Line {
  readonly place: string
  /** In a row: `npm run -s sidik --` and `npx sidik` are `sidik`; options in brackets stand like others. */
  readonly words: readonly string[]
}

/**
 * Command lines: those of indented and fenced blocks, and those in backticks. An indented line that
 * begins with an option goes on.
 */
function commandLines(document: string): Line[] {
  const text = read(document).replaceAll(/\n +(?=\[?--)/g, ' ')
  return text.split('\n').flatMap((line, i) => {
    const inline = [...line.matchAll(/`((?:npx )?sidik [^`]+|(?:node|sh|python3|npm run) [^`]+)`/g)].map(
      found => found[1],
    )
    const bare = /^(?: {4}|\t)?(?:[A-Z_]+=\S+ )*((?:npx )?sidik |node |sh |python3 |npm run )/.test(line) ? [line] : []
    return [...inline, ...bare].map(each => ({ place: `${document}:${i + 1}`, words: wordsOf(each) }))
  })
}

function wordsOf(line: string): string[] {
  const words = line
    .replace(/(^|\s)#.*$/, '')
    .replaceAll(/[[\]]/g, ' ')
    .trim()
    .split(/\s+/)
    .filter(word => !/^[A-Z_]+=/.test(word))
  if (words[0] === 'npx') return words.slice(1)
  return words
}

const lines = DOCUMENTS.flatMap(commandLines)
const optionsIn = (words: readonly string[]) =>
  words.map(word => word.replace(/[=,;.)'].*$/, '')).filter(word => /^--[a-z]/.test(word))

/** What is wrong with a `sidik` command line; undefined for nothing. */
function wrongSidik(words: readonly string[]): string | undefined {
  let command: Command = createProgram(
    () => async () => {},
    () => {},
  )
  for (const word of words.slice(1)) {
    if (command.commands.length === 0) break
    if (!/^[a-z-]+$/.test(word) || word.startsWith('-')) break
    const next = command.commands.find(each => each.name() === word)
    if (next === undefined) return `there is no sidik command '${word}'`
    command = next
  }
  const known = ['--help', '--json', '--version', ...command.options.map(({ long }) => long)]
  const unknown = optionsIn(words).filter(option => !known.includes(option))
  return unknown.length > 0 ? `${command.name()} has no ${unknown.join(', ')}` : undefined
}

/** The same of a script: it is there, and its text knows the options. */
function wrongScript(words: readonly string[]): string | undefined {
  const script = words.find(word => /\.(js|cjs|mjs|py|sh|ts)$/.test(word))
  if (script === undefined || script.startsWith('dist/') || !script.includes('/')) return undefined
  if (!existsSync(join(ROOT, script))) return `${script} is not there`
  const text = read(script)
  const own = words.slice(words.indexOf(script) + 1)
  const end = own.findIndex(word => ['&&', '&', '|', '>'].includes(word))
  // As parseArgs of Node, argparse of Python or a shell script names it.
  const knows = (name: string) =>
    new RegExp(script.endsWith('.js') ? `[\\s{]'?${name}'?: \\{|'--${name}'` : `--${name}\\b`).test(text)
  const unknown = optionsIn(end < 0 ? own : own.slice(0, end)).filter(option => !knows(option.slice(2)))
  return unknown.length > 0 ? `${script} has no ${unknown.join(', ')}` : undefined
}

describe('the commands that documents name', () => {
  it('are found by this test', () => {
    expect(lines.filter(({ words }) => words[0] === 'sidik').length).toBeGreaterThan(40)
    expect(lines.filter(({ words }) => words.some(word => word.startsWith('bench/'))).length).toBeGreaterThan(20)
    expect(wrongSidik(['sidik', 'gallery', 'search'])).toContain("no sidik command 'search'")
    expect(wrongSidik(['sidik', 'match', 'A', '--gallery'])).toContain('match has no --gallery')
    expect(wrongScript(['node', 'bench/gone.js'])).toContain('is not there')
    expect(wrongScript(['node', 'bench/dedupe.js', '--prints', 'DIR'])).toContain('has no --prints')
  })

  it('exist, with their options', () => {
    const wrong = lines.flatMap(({ place, words }) => {
      const mistake =
        words[0] === 'sidik' ? wrongSidik(words) : words[0] === 'npm' ? wrongNpm(words) : wrongScript(words)
      return mistake === undefined ? [] : [`${place}: ${mistake}`]
    })
    expect(wrong).toEqual([])
  })

  it('read nothing that lies outside the repository, but data', () => {
    const scripts = ['training', 'bench', 'bench/support', '.ci'].flatMap(folder =>
      readdirSync(join(ROOT, folder))
        .filter(name => /\.(js|cjs|mjs|py|sh)$/.test(name) || name === 'run')
        .map(name => `${folder}/${name}`),
    )
    expect(scripts.length).toBeGreaterThan(40)
    const outside = scripts.flatMap(script =>
      [...read(script).matchAll(/\.\.\/shared\/[\w/-]+/g)]
        .map(([path]) => path)
        .filter(path => !path.startsWith('../shared/data/'))
        .map(path => `${script}: ${path}`),
    )
    expect(outside).toEqual([])
  })
})

function wrongNpm(words: readonly string[]): string | undefined {
  const name = words.slice(2).find(word => !word.startsWith('-'))
  const { scripts } = JSON.parse(read('package.json'))
  return name === undefined || name in scripts ? undefined : `there is no npm script '${name}'`
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchors(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('the links of documents', () => {
  it('lead to files and headings that are there', () => {
    const documents = [...DOCUMENTS, 'docs/experiments.md', 'CHANGELOG.md'].filter(name => name.endsWith('.md'))
    const links = documents.flatMap(document =>
      [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => ({ document, to })),
    )
    const broken = links.filter(({ document, to }) => {
      if (/^https?:/.test(to)) return false
      const [file, anchor] = to.split('#')
      const path = file === '' ? document : join(dirname(document), file)
      return !existsSync(join(ROOT, path)) || (anchor !== undefined && !anchors(path).includes(anchor))
    })
    expect(links.length).toBeGreaterThan(50)
    expect(broken).toEqual([])
  })
})

it('SECURITY.md names tests that are there', () => {
  const named = [...read('SECURITY.md').matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path)
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(path => !existsSync(join(ROOT, path)))).toEqual([])
})

/** A constant of a source: `export const NAME: i32 = -512` or `const NAME = 4_096`. */
function constant(path: string, name: string): number {
  const found = read(path).match(new RegExp(`const ${name}(?:: \\w+)? = (-?[\\d_.]+)`))
  if (found === null) throw new Error(`${path} has no constant ${name}`)
  return Number(found[1].replaceAll('_', ''))
}

const method = (name: string) => constant('assembly/parameters.ts', name)
const search = (name: string) => constant('assembly/parameters-search.ts', name)
const searcher = (name: string) => constant('src/core/searcher.ts', name)
const decide = (name: string) => constant('src/persons/decide.ts', name)
const cellCount = search('INDEX_CENTRES') ** 2

/** What a document says, a group for each number, and what these numbers are. */
const STATED: [document: string, says: RegExp, are: readonly number[]][] = [
  ['ARCHITECTURE.md', /the probe's (\d+) best minutiae/, [search('SCAN_PROBE')]],
  ['ARCHITECTURE.md', /screen \(the best (\d+)\)/, [search('SCAN_CAPACITY')]],
  ['ARCHITECTURE.md', /rescore \(the best (\d+) or (\d+), exactly\)/, [LEARNED_SHORTLIST, search('SCREEN_CAPACITY')]],
  ['ARCHITECTURE.md', /of ([\d,]+) slots each \(a segment\)/, [constant('assembly/memory-index.ts', 'SEGMENT_SLOTS')]],
  ['ARCHITECTURE.md', /when ([\d,]+) of them are in none/, [constant('src/core/segment-indexes.ts', 'LEAST_LOOSE')]],
  ['ARCHITECTURE.md', /sorted into ([\d,]+) cells/, [cellCount]],
  ['ARCHITECTURE.md', /of the (\d+) cells nearest to it/, [searcher('CELLS')]],
  [
    'ARCHITECTURE.md',
    /the ([\d,]+) records with most votes[^.]*at least (\d+) and at most (\d+) an index/,
    [searcher('NAMED'), searcher('LEAST_NAMED'), search('INDEX_BEST')],
  ],
  ['README.md', /screens the best (\d+) and compares (\d+) exactly/, [SCANNED, LEARNED_SHORTLIST]],
  ['docs/dedupe.md', /\(the best (\d+), and (\d+) where all/, [LEARNED_SHORTLIST, SHORTLIST]],
  [
    'docs/search.md',
    /Up to ([\d,]+) templates there is no index/,
    [constant('src/core/segment-indexes.ts', 'LEAST_LOOSE')],
  ],
  [
    'docs/search.md',
    /`targetFpir` is ([\d.]+) and the threshold at least (\d+)/,
    [DEFAULTS.targetFpir, DEFAULTS.leastScore],
  ],
  [
    'docs/dedupe.md',
    /`targetFalsePairs` is (\d+) and the threshold at least (\d+)/,
    [DEFAULTS.targetFalsePairs, DEFAULTS.leastScore],
  ],
  ['docs/calibration.md', /Beyond (\d+) decibans/, [method('LEARNED_MEASURED')]],
  ['docs/calibration.md', /instead of ([\d.]+)\) would understate/, [method('LEARNED_SLOPE')]],
  ['docs/training.md', /at most (\d+)\. - Direction/, [method('DETECT_MOST')]],
  ['docs/training.md', /above (-\d+) = `floor/, [method('DETECT_FLOOR')]],
  ['docs/training.md', /no kept one is nearer than (\d+)\/32 px/, [method('DETECT_APART')]],
  [
    'docs/training.md',
    /`\(mean - gray\) \/ \(deviation \+ (\d+)\)` clipped to \+-(\d+), times (\d+)/,
    ['SOFTNESS', 'CLIP', 'ONE'].map(name => method(`NETWORK_${name}`)),
  ],
  [
    'docs/persons.md',
    /fewer than (\d+) minutiae is enrolled as `unreadable`/,
    [constant('src/same-finger.ts', 'LEAST_MINUTIAE')],
  ],
  [
    'docs/persons.md',
    /\*\*(\d+) decibans are taken off every finger's score/,
    [constant('src/persons/fuse.ts', 'STRANGERS_ABOVE_DECIBANS')],
  ],
  ['docs/persons.md', /`near`: FPIR at most (\d+) x/, [decide('REVIEW_FACTOR')]],
  [
    'docs/persons.md',
    /also after (\d+) decibans .{0,80} does not match \(below (\d+)\) where another does \((\d+) and above\)/,
    ['AGAINST_DECIBANS', 'DISAGREEING_BELOW', 'AGREEING_FROM'].map(decide),
  ],
  ['docs/persons.md', /`missRate` is above ([\d.]+)/, [decide('CLEAR_MISS_MOST')]],
]

describe('the constants that documents name', () => {
  it.each(STATED)('in %s: %s', (document, says, are) => {
    const found = read(document).replaceAll(/\s+/g, ' ').match(says)
    expect(found, 'the document says no such thing any more: correct it, or this list').not.toBeNull()
    expect(found!.slice(1).map(text => Number(text.replaceAll(',', '')))).toEqual(are)
  })

  it('are the same on both sides of the core', () => {
    expect([SCANNED, SHORTLIST]).toEqual([search('SCAN_CAPACITY'), search('SCREEN_CAPACITY')])
  })
})
