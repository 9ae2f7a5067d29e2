import type { EnrolFeedback } from '../../station/enrol/feedback.js'

/** Feedback for somebody who has to correct it, a line each. */
export function feedbackLines(feedback: readonly EnrolFeedback[]): string[] {
  return feedback.map(
    ({ code, message, overridable }) => `  ${code}: ${message}${overridable ? ' (may be overridden)' : ''}`,
  )
}
