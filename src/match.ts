import type { Comparison, Explanation, Matcher } from './core/matcher.js'
import { partsOf } from './template/native-parts.js'
import type { Template } from './types.js'

/**
 * Decibans of evidence that two templates are of one finger: 40 = as high as one comparison of different fingers in
 * 10,000 comes. 0 and up, the same whichever is named first. A template with codes of another network version still
 * compares by its minutiae, and says so.
 *
 * @throws SidikError TEMPLATE_FORMAT, TEMPLATE_VERSION or TEMPLATE_CORRUPT
 */
export function matchTemplates(matcher: Matcher, a: Template, b: Template): Comparison {
  return matcher.compare(partsOf(a), partsOf(b))
}

/** The same with its grounds: which minutiae coincide. */
export function explainTemplates(matcher: Matcher, a: Template, b: Template): Explanation {
  return matcher.explain(partsOf(a), partsOf(b))
}
