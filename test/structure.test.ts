import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The rules of the house, checked on the sources themselves. Each test lists the places that break its rule. */

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const MOST_LINES = 300

interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
  /** Without comments and without what stands in quotes. */
  readonly code: string
  /** Modules as named in import and export statements. */
  readonly imports: readonly string[]
}

function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => {
      const path = `${folder}/${name.replaceAll('\\', '/')}`
      const text = readFileSync(join(ROOT, path), 'utf8')
      const bare = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1')
      const named = /^\s*(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm
      // Files of a package that are no modules: fonts.
      const resolved = /\brequire\.resolve\('([^']+)'\)/g
      const imports = [
        ...[...bare.matchAll(named)].map(match => match[1] ?? match[2] ?? match[3]),
        ...[...bare.matchAll(resolved)].map(match => match[1]),
      ]
      const code = bare.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
      return { path, text, code, imports }
    })
}

const src = sourcesUnder('src')
const assembly = sourcesUnder('assembly')
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The path from the root of a relative import, or of what a browser gets for a name of our own; undefined for a package. */
function target(source: Source, name: string): string | undefined {
  if (name.startsWith('#')) return sourceOf(packageJson.imports[name].default)
  if (!name.startsWith('.')) return undefined
  const path = relative(ROOT, join(ROOT, dirname(source.path), name)).replaceAll('\\', '/')
  return path.endsWith('.js') ? path.replace(/\.js$/, '.ts') : `${path}.ts`
}

/** What the build makes a file of dist from. */
function sourceOf(file: string): string {
  return file.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts')
}

/** Imports that `allowed` does not allow, as text: "file imports module". */
function breaches(
  sources: readonly Source[],
  allowed: (target: string | undefined, name: string) => boolean,
): string[] {
  return sources.flatMap(source =>
    source.imports.filter(name => !allowed(target(source, name), name)).map(name => `${source.path} imports ${name}`),
  )
}

function matches(sources: readonly Source[], pattern: RegExp): string[] {
  return sources.flatMap(({ path, code }) => [...code.matchAll(pattern)].map(found => `${path}: ${found[0].trim()}`))
}

const isIn =
  (...folders: string[]) =>
  (path: string) =>
    folders.some(folder => path.startsWith(folder))

describe('every source', () => {
  it('is found by this test', () => {
    expect(src.length).toBeGreaterThan(40)
    expect(assembly.length).toBeGreaterThan(10)
    expect(src.find(({ path }) => path === 'src/index.ts')!.imports).toContain('./engine.js')
    expect(breaches(assembly, path => path !== undefined && existsSync(join(ROOT, path)))).toEqual([])
    expect(breaches(src, path => path === undefined || existsSync(join(ROOT, path)))).toEqual([])
    const own = Object.values<Record<string, string>>(packageJson.imports).flatMap(Object.values)
    expect(own.map(sourceOf).filter(path => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it(`has at most ${MOST_LINES} lines`, () => {
    const long = [...src, ...assembly].filter(({ text }) => text.split('\n').length > MOST_LINES + 1)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('has no default export and nothing left to do', () => {
    expect(matches([...src, ...assembly], /\bexport default\b/g)).toEqual([])
    const open = [...src, ...assembly].filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text))
    expect(open.map(({ path }) => path)).toEqual([])
  })

  it('imports in one direction: no two modules of src need each other', () => {
    const next = new Map(src.map(source => [source.path, source.imports.map(name => target(source, name))]))
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (path: string, way: string[]) => {
      if (way.includes(path)) cycles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
      if (done.has(path) || way.includes(path)) return
      for (const other of next.get(path) ?? []) if (other !== undefined) visit(other, [...way, path])
      done.add(path)
    }
    for (const path of next.keys()) visit(path, [])
    expect(cycles).toEqual([])
  })
})

describe('the core (assembly)', () => {
  const isShared = (path: string) => /^assembly\/(math\/.*|(memory|parameters|status)(-[\w-]+)?\.ts)$/.test(path)
  const isPipeline = (path: string) => path.endsWith('/pipeline.ts')
  const stages = assembly.filter(({ path }) => path.split('/').length > 2 && !isPipeline(path))

  it('imports nothing outside itself', () => {
    expect(breaches(assembly, path => path?.startsWith('assembly/') ?? false)).toEqual([])
  })

  it('has stages that import only math, memory, parameters and status', () => {
    expect(stages.length).toBeGreaterThan(8)
    expect(breaches(stages, path => path !== undefined && isShared(path))).toEqual([])
  })

  it('has its stages imported by pipelines alone', () => {
    const others = assembly.filter(({ path }) => !isPipeline(path) && path !== 'assembly/index.ts')
    expect(breaches(others, path => path !== undefined && (isShared(path) || isPipeline(path)))).toEqual([])
  })

  it('allocates nothing, throws nothing and keeps nothing between calls', () => {
    expect(matches(assembly, /\bnew\s+\w+|\bthrow\b|\btry\b|\bcatch\b|=>|\bStaticArray\b|\bstring\b/g)).toEqual([])
    // A class is there for the offsets of its fields alone.
    expect(matches(assembly, /(?<!@unmanaged\s+(?:export\s+)?)\bclass\s+\w+/g)).toEqual([])
    expect(matches(assembly, /^(export )?(let|var)\b.*$/gm)).toEqual([])
    expect(matches(assembly, /=\s*\[|\bArray<|\bmemory\.data\b|\bheap\.\w+/g)).toEqual([])
  })

  it('is the same on every machine and readable outside its compiler', () => {
    expect(matches(assembly, /\brelaxed_\w+|\brelaxed\w*\s*</g)).toEqual([])
    expect(matches(assembly, /@(?!unmanaged\b)\w+/g)).toEqual([])
    expect(matches(assembly, /\bMath\.(random|sin|cos|tan|atan2?|exp|pow|log\w*)\b/g)).toEqual([])
  })

  it('exports from its index alone, which holds no code', () => {
    const index = assembly.find(({ path }) => path === 'assembly/index.ts')!
    const statements = index.code.replace(/export\s*(\{[^}]*\}|\*)\s*from\s*''\s*;?/g, '').trim()
    expect(statements).toBe('')
  })
})

describe('src', () => {
  it('touches WebAssembly in core alone', () => {
    const outside = src.filter(({ path }) => !path.startsWith('src/core/'))
    expect(matches(outside, /\bWebAssembly\./g)).toEqual([])
    expect(breaches(outside, (_, name) => !name.startsWith('@assemblyscript/'))).toEqual([])
  })

  it('keeps node modules out of what a browser needs, and out of all that imports', () => {
    const byPath = new Map(src.map(source => [source.path, source]))
    const reached = new Set<string>()
    const reach = (path: string) => {
      if (reached.has(path)) return
      reached.add(path)
      const source = byPath.get(path)!
      for (const name of source.imports) {
        const next = target(source, name)
        if (next !== undefined) reach(next)
      }
    }
    for (const { path } of src.filter(({ path }) =>
      isIn(
        'src/core/',
        'src/template/',
        'src/formats/',
        'src/capture/slap/',
        'src/match.ts',
        'src/extract.ts',
        // The vendor's clients are for pages.
        'src/capture/adapters/digitalpersona/',
      )(path),
    )) {
      reach(path)
    }
    const needed = [...reached].map(path => byPath.get(path)!)
    const forBrowsers = ['@assemblyscript/loader', 'saxes', 'zod']
    expect(breaches(needed, (path, name) => path !== undefined || forBrowsers.includes(name))).toEqual([])
    expect(matches(needed, /\b(Buffer|process|require)\b\s*[.(]/g)).toEqual([])
  })

  it('has types, errors and options that import nothing else of ours', () => {
    const roots = src.filter(({ path }) => ['src/types.ts', 'src/errors.ts', 'src/options.ts'].includes(path))
    expect(roots).toHaveLength(3)
    expect(breaches(roots, () => false)).toEqual([])
  })

  it('has an index without logic', () => {
    const { code } = src.find(({ path }) => path === 'src/index.ts')!
    expect(code.replace(/export\s+(type\s+)?(\{[^}]*\}|\*)\s*from\s*''/g, '').trim()).toBe('')
  })

  it('prints in main.ts of the command line alone, what execute has made safe for a terminal', () => {
    const outside = src.filter(({ path }) => path.startsWith('src/cli/') && path !== 'src/cli/main.ts')
    expect(matches(outside, /\bprocess\.(stdout|stderr)\b|\bconsole\./g)).toEqual([])
    const main = src.find(({ path }) => path === 'src/cli/main.ts')!
    expect(matches([main], /\.write\(.*\)/g)).toEqual([
      'src/cli/main.ts: .write(line)',
      'src/cli/main.ts: .write(stderr)',
      'src/cli/main.ts: .write(stdout)',
    ])
  })

  it('starts threads in workers alone', () => {
    const outside = src.filter(({ path }) => !path.startsWith('src/workers/'))
    expect(breaches(outside, (_, name) => !['piscina', 'node:worker_threads'].includes(name))).toEqual([])
  })

  it('has an engine that loads no decoder of images: workers decode', () => {
    const byPath = new Map(src.map(source => [source.path, source]))
    const reached = new Set<string>()
    const reach = (path: string) => {
      if (reached.has(path)) return
      reached.add(path)
      for (const name of byPath.get(path)!.imports) {
        const next = target(byPath.get(path)!, name)
        if (next !== undefined) reach(next)
      }
    }
    reach('src/engine.ts')
    expect(reached).toContain('src/image/own-image.ts')
    const decoders =
      /^src\/image\/(decode|decode-file|bmp|pgm|gray|load-sharp|sharp-image|record-image|wsq\/.*|jp2\/.*)\.ts$/
    expect([...reached].filter(path => decoders.test(path))).toEqual([])
  })

  it('makes no folder by what Node never ends in (src/node/make-folders.ts)', () => {
    expect(src.filter(({ code }) => /\bmkdir(Sync)?\([^)\n]*\brecursive\b/.test(code)).map(({ path }) => path)).toEqual(
      [],
    )
  })

  it('has sync, stock and print that know nothing of the recogniser', () => {
    const recogniser = isIn('src/core/', 'src/extract', 'src/match', 'src/identify/', 'src/gallery/', 'src/engine')
    const apart = src.filter(({ path }) => /^src\/(station\/)?(sync|stock|print)\//.test(path))
    expect(breaches(apart, path => path === undefined || !recogniser(path))).toEqual([])
  })

  it('has adapters that know the contract, records and files, and that nothing imports', () => {
    const adapterOf = (path: string) => path.match(/^src\/capture\/adapters\/([^/.]+)/)?.[1]
    const waits = ['src/linked-abort.ts', 'src/until-aborted.ts', 'src/within.ts']
    const nouns = [...waits, 'src/errors.ts', 'src/options.ts', 'src/types.ts']
    const shared = isIn('src/capture/', 'src/formats/', 'src/image/', 'src/node/', ...nouns)
    const foreign = src.flatMap(source =>
      breaches([source], path => {
        if (path === undefined) return true
        const [own, other] = [adapterOf(source.path), adapterOf(path)]
        if (own === undefined) return other === undefined
        return other === undefined ? shared(path) : other === own
      }),
    )
    expect(foreign).toEqual([])
  })

  it('is not imported by its own command line: nothing below imports cli', () => {
    const below = src.filter(({ path }) => !path.startsWith('src/cli/'))
    expect(breaches(below, path => !path?.startsWith('src/cli/'))).toEqual([])
  })
})

describe('the package', () => {
  // Optional: what has to be compiled on some machines, and is of use to the station alone.
  const needed = { ...packageJson.dependencies, ...packageJson.optionalDependencies }

  it('names every entry point, each of which the build makes', () => {
    for (const [name, entry] of Object.entries<string | Record<string, string>>(packageJson.exports)) {
      expect(name).not.toContain('*')
      for (const file of typeof entry === 'string' ? [entry] : Object.values(entry)) {
        expect(existsSync(join(ROOT, file)), `${name}: ${file}`).toBe(true)
      }
    }
    // Also to be started as a program in a checkout, where nothing but the build makes it one.
    for (const file of Object.values<string>(packageJson.bin)) accessSync(join(ROOT, file), constants.X_OK)
  })

  it('names exact versions', () => {
    const wanted = { ...needed, ...packageJson.devDependencies }
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([])
  })

  it('depends on what src imports, and on nothing that it does not', () => {
    const imported = src.flatMap(({ imports }) => imports.filter(name => !/^(\.|#|node:)/.test(name)))
    const packages = imported.map(name => name.match(/^(@[^/]+\/)?[^/]+/)![0])
    expect([...new Set(packages)].sort()).toEqual(Object.keys(needed).sort())
  })
})
