import type { EnrolFeedback } from '../../station/enrol/feedback.js'

/** What somebody has to correct, a line each. */
export function feedbackLines(feedback: readonly EnrolFeedback[]): string[] {
  return feedback.map(
    ({ code, message, overridable }) => `  ${code}: ${message}${overridable ? ' (may be overridden)' : ''}`,
  )
}
