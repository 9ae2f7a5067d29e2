/** What the process returns. Part of the public interface, printed by `sidik --help`. */
export const EXIT = {
  DONE: 0,
  NO_MATCH: 1,
  USAGE: 2,
  BAD_INPUT: 3,
  FAULT: 4,
  INTERRUPTED: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The end of `sidik --help`. */
export const EXIT_CODE_HELP = `
Exit codes:
  0    done; match: the same finger; identify: someone was found; gallery dedupe: duplicates were
  1    match: not the same finger; identify: nobody was found; gallery dedupe: no duplicates were;
       gallery re-extract: a template is as it was;
       segment: not the fingers that were expected, or which they are is not sure;
       station enrol, correct: something has to be corrected first; station sync: the line is down;
       station import-decisions: a row was refused;
       stock receive, stock count: something differs; print run: a card is uncertain or was not printed;
       print verify-letter: the letter is not valid, or not known here;
       simulate: something that must hold does not, or nothing was there to look at for it
  2    bad usage: an unknown command or option, a value that is not a number
  3    bad input: a file that cannot be read, used or written; inspect: one that deviates or is damaged
  4    a fault in sidik itself
  130  interrupted (Ctrl-C), as station serve always is

Errors are one line on stderr, "sidik: CODE: message"; with --json also {"error": {"code", "message"}} on stdout.
A file may be an image (PNG, JPEG, JPEG 2000, TIFF, WebP, BMP, WSQ, PGM), a template of sidik or its JSON, a minutiae record
(ISO/IEC 19794-2, ANSI 378), or a finger image record, ANSI/NIST-ITL transaction or CBEFF XML with one print.`
