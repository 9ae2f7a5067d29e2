/** A child process that is killed in the middle of its work, and what it had said by then. */
import { spawn } from 'node:child_process'

/**
 * The whole lines that a child wrote before it was killed.
 *
 * @param script of the child
 * @param isTime asked, with all that it has written, whether the time has come
 * @param afterMs from then until it is killed
 */
export function killedChild(script, args, isTime, afterMs) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let errors = ''
    let ending
    child.stdout.on('data', chunk => {
      text += chunk
      if (ending === undefined && isTime(text)) ending = setTimeout(() => child.kill('SIGKILL'), afterMs)
    })
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`child ${args.join(' ')} ended by itself (${code}): ${errors}`))
      else resolve(text.split('\n').slice(0, -1))
    })
  })
}
