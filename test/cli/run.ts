import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, vi } from 'vitest'
import { execute } from '../../dist/cli/execute.js'

// Every process loads sharp and the core, every engine starts workers: seconds where a machine is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** The package's own synthetic prints: fingers 101 to 108, impressions 1 to 4. */
export const PRINTS = fileURLToPath(new URL('../../fixtures/prints', import.meta.url))

export const printFile = (name: string) => join(PRINTS, `${name}.png`)

/** Runs the command line as a process. */
export function spawnCli(args: readonly string[], whileRunning?: (child: ReturnType<typeof spawn>) => void) {
  return new Promise<{ exitCode: number | null; stdout: string; stderr: string }>(resolve => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', chunk => {
      stdout += chunk
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.on('close', exitCode => resolve({ exitCode, stdout, stderr }))
    whileRunning?.(child)
  })
}

/** Runs the command line in this process: what it would print and return. */
export function cli(...args: string[]) {
  return execute(args, {
    signal: new AbortController().signal,
    startProgress: () => ({ update() {}, stop() {} }),
    say() {},
  })
}

/** The same with --json: the exit code and the one document on stdout. */
export async function cliJson(...args: string[]) {
  const report = await cli(...args, '--json')
  return { ...report, json: JSON.parse(report.stdout) }
}

/** A folder that is removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sidik-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
