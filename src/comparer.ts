import { type CoreModule, coreFailed, isCoreFailure } from './core/compile.js'
import { type Comparison, type Explanation, Matcher, type MinutiaePrint } from './core/matcher.js'
import { SidikError } from './errors.js'
import { explainTemplates, matchTemplates } from './match.js'
import { decodeTemplate } from './template/native.js'
import { partsOf, type TemplateParts } from './template/native-parts.js'
import type { GeometricCodes, Template, TemplateContents } from './types.js'

/** Describes and compares on the calling thread, and goes on working after whatever the core stopped on. */
export class Comparer {
  readonly #module: CoreModule
  #matcher: Matcher

  constructor(module: CoreModule) {
    this.#module = module
    this.#matcher = new Matcher(module)
  }

  /** Of the codes that {@link describe} makes. */
  get methodVersion(): number {
    return this.#matcher.methodVersion
  }

  match(a: Template, b: Template): Comparison {
    checkTemplate('a', a)
    checkTemplate('b', b)
    return this.#inCore(matcher => matchTemplates(matcher, a, b))
  }

  /** {@link match} of one with each of many. */
  matchMany(probe: Template, templates: readonly Template[]): Comparison[] {
    const one = readParts('probe', probe)
    if (!Array.isArray(templates)) throw new TypeError('templates must be an array of templates')
    const many = templates.map((each, i) => named(`templates[${i}]`, name => readParts(name, each)))
    return this.#inCore(matcher => matcher.compareMany(one, many))
  }

  explain(a: Template, b: Template): Explanation {
    checkTemplate('a', a)
    checkTemplate('b', b)
    return this.#inCore(matcher => explainTemplates(matcher, a, b))
  }

  describe(print: MinutiaePrint): GeometricCodes {
    return this.#inCore(matcher => matcher.describe(print))
  }

  /** When the core stops, the matcher that it stopped in is given up: its scratch memory is in no known state. */
  #inCore<T>(work: (matcher: Matcher) => T): T {
    try {
      return work(this.#matcher)
    } catch (error) {
      if (!isCoreFailure(error)) throw error
      this.#matcher = new Matcher(this.#module)
      throw coreFailed(error)
    }
  }
}

/** What the argument `name` holds. Throws as decodeTemplate does, and TypeError naming the argument. */
export function readTemplate(name: string, template: Template): TemplateContents {
  checkTemplate(name, template)
  return decodeTemplate(template)
}

/** The same of one of several: the name is in the error's message too. */
export function readNamedTemplate(name: string, template: Template): TemplateContents {
  return named(name, () => readTemplate(name, template))
}

function named<T>(name: string, read: (name: string) => T): T {
  try {
    return read(name)
  } catch (error) {
    if (!(error instanceof SidikError)) throw error
    throw new SidikError(error.code, `${name}: ${error.message}`, { cause: error })
  }
}

/** The pieces of the argument `name`. Throws as {@link readTemplate}. */
export function readParts(name: string, template: Template): TemplateParts {
  checkTemplate(name, template)
  return partsOf(template)
}

function checkTemplate(name: string, template: Template): void {
  if (!(template instanceof Uint8Array)) throw new TypeError(`${name} must be a template (a Uint8Array)`)
}
