#!/usr/bin/env node
import { EXIT } from './exit-codes.js'
import { progressOn } from './progress.js'

const interruption = new AbortController()

// The first signal asks the command to stop and clean up; a second one ends the process where it stands.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(EXIT.INTERRUPTED)
    interruption.abort()
  })
}

// `sidik ... | head` closes the pipe early: that is how it is meant, not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
    process.exit()
  })
}

// Loaded only now, so that an interrupt while the rest loads ends in 130 as well.
const { execute } = await import('./execute.js')
const { exitCode, stdout, stderr } = await execute(process.argv.slice(2), {
  signal: interruption.signal,
  startProgress: progressOn(process.stderr),
  say: line => {
    process.stderr.write(line)
  },
})
process.exitCode = exitCode
process.stderr.write(stderr)
process.stdout.write(stdout)
