/**
 * A CUPS server of our own: configuration, spool and socket in a temporary folder, one queue named `cards`, and a printer that is a script of ours
 * (`card:` as backend). The printer puts what it prints into a tray, one PDF a job, and fails as told.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const QUEUE = 'cards'

/** What the printer does with the next cards. */
export type PrinterMode =
  | 'prints'
  /** Waits while a file `wait` is there, then prints. */
  | 'waits'
  /** Cannot be reached: says so and waits for it, as backends of CUPS do. */
  | 'offline'
  | 'out-of-media'
  /** Half the card is through. */
  | 'jam'
  /** Ends with a code of CUPS: failed, needs a password, hold, stop the queue, cancel, try again. */
  | `exit-${1 | 2 | 3 | 4 | 5 | 6}`

const PROGRAMS = ['cupsd', 'lp', 'lpstat', 'cancel', 'lpadmin', 'cupsenable', 'cupsdisable', 'cupsaccept', 'cupsreject']
const paths = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin']
const SERVER_BIN = ['/usr/lib/cups', '/usr/libexec/cups', '/usr/local/lib/cups'].find(existsSync)

export function programPath(name: string): string | undefined {
  return paths.map(path => join(path, name)).find(existsSync)
}

/** Why there can be no server here. */
export const noCups: string | undefined =
  SERVER_BIN === undefined || PROGRAMS.some(name => programPath(name) === undefined)
    ? 'CUPS is not installed here'
    : undefined

const BACKEND = `#!/bin/sh
# job user title copies options [file]
[ $# -eq 0 ] && exit 0
tray=\${DEVICE_URI#card:}
mode=$(cat "$tray/mode")
[ -n "$6" ] && exec <"$6"
echo "$3" >>"$tray/begun"
echo "$5" >>"$tray/options"
# As drivers do: what was wrong with the card before is over, or is said again.
echo "STATE: -media-empty-error,media-jam-error,offline-report" >&2
case $mode in
  waits) while [ -e "$tray/wait" ]; do sleep 0.02; done ;;
  offline) echo "STATE: +offline-report" >&2; while [ -e "$tray/wait" ]; do sleep 0.02; done; exit 1 ;;
  out-of-media) echo "STATE: +media-empty-error" >&2; while [ -e "$tray/wait" ]; do sleep 0.02; done
    echo "STATE: -media-empty-error" >&2 ;;
  jam) head -c 200 >"$tray/half-$1"; echo "STATE: +media-jam-error" >&2; exit 1 ;;
  exit-*) exit "\${mode#exit-}" ;;
esac
cat >"$tray/.card" && mv "$tray/.card" "$tray/card-$1.pdf"
echo "$3" >>"$tray/titles"
`

export class CupsServer {
  readonly folder: string
  readonly server: string
  readonly #tray: string
  #process: ChildProcess | undefined

  private constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'sidik-cups-'))
    this.server = join(this.folder, 'cups.sock')
    this.#tray = join(this.folder, 'tray')
  }

  /** `queue`: more arguments for lpadmin; `more`: lines of cupsd.conf. */
  static async start(queue: readonly string[] = [], more = ''): Promise<CupsServer> {
    const cups = new CupsServer()
    cups.#prepare(more)
    await cups.run()
    await cups.admin(
      'lpadmin',
      '-p',
      QUEUE,
      '-E',
      '-v',
      `card:${cups.#tray}`,
      '-o',
      'printer-is-shared=false',
      ...queue,
    )
    return cups
  }

  /** As root, cupsd runs its backends as a user who must get through to the tray. */
  #prepare(more: string): void {
    const { folder } = this
    chmodSync(folder, 0o755)
    for (const name of ['etc', 'spool', 'spool/tmp', 'cache', 'run', 'bin', 'bin/backend', 'tray'])
      mkdirSync(join(folder, name))
    chmodSync(this.#tray, 0o777)
    for (const name of readdirSync(SERVER_BIN!)) {
      if (name !== 'backend') symlinkSync(join(SERVER_BIN!, name), join(folder, 'bin', name))
    }
    writeFileSync(join(folder, 'bin/backend/card'), BACKEND, { mode: 0o755 })
    const places = {
      ServerRoot: 'etc',
      ServerBin: 'bin',
      CacheDir: 'cache',
      StateDir: 'run',
      RequestRoot: 'spool',
      TempDir: 'spool/tmp',
    }
    const logs = ['AccessLog', 'ErrorLog', 'PageLog'].map(name => `${name} ${folder}/${name}`)
    const files = Object.entries(places).map(([name, place]) => `${name} ${join(folder, place)}`)
    writeFileSync(join(folder, 'etc/cups-files.conf'), `${[...files, ...logs].join('\n')}\n`)
    const open =
      '<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n'
    // Failed jobs are tried again after a second, and what changes is on the disk at once.
    const settings =
      'WebInterface No\nBrowsing No\nDefaultAuthType None\nJobRetryInterval 1\nDirtyCleanInterval 0\nLogLevel warn\n'
    writeFileSync(join(folder, 'etc/cupsd.conf'), `Listen ${this.server}\n${settings}${more}${open}`)
    this.mode('prints')
  }

  /** Starts the server, or starts it again. */
  async run(): Promise<void> {
    const conf = ['-c', join(this.folder, 'etc/cupsd.conf'), '-s', join(this.folder, 'etc/cups-files.conf')]
    this.#process = spawn(programPath('cupsd')!, ['-f', ...conf], { stdio: 'ignore' })
    for (let tries = 0; ; tries++) {
      const said = await run(programPath('lpstat')!, ['-h', this.server, '-r']).catch(() => ({ stdout: '' }))
      if (said.stdout.includes('is running')) return
      if (tries > 200 || this.#process.exitCode !== null) throw new Error('cupsd does not start')
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (!this.isRunning) return
    const ended = new Promise(resolve => this.#process!.once('exit', resolve))
    this.#process!.kill(signal)
    await ended
  }

  /** Stops the server's process where it stands, or lets it go on. */
  freeze(isFrozen: boolean): void {
    this.#process?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT')
  }

  async admin(program: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, LC_ALL: 'C', CUPS_SERVER: this.server }
    return (await run(programPath(program)!, args, { env, timeout: 20_000 })).stdout
  }

  mode(mode: PrinterMode): void {
    writeFileSync(join(this.#tray, 'mode'), mode)
    writeFileSync(join(this.#tray, 'wait'), '')
  }

  /** Ends the waiting of a printer that waits. */
  release(): void {
    rmSync(join(this.#tray, 'wait'), { force: true })
  }

  /** Titles of the cards that the printer has begun, one for each time, and of those that lie in the tray. */
  titles(which: 'begun' | 'printed'): string[] {
    const file = join(this.#tray, which === 'begun' ? 'begun' : 'titles')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []
  }

  /** Options of the jobs that the printer has begun. */
  options(): string[] {
    return readFileSync(join(this.#tray, 'options'), 'utf8').split('\n').slice(0, -1)
  }

  /** The cards themselves, oldest first. */
  cards(): Buffer[] {
    const names = readdirSync(this.#tray).filter(name => name.startsWith('card-'))
    return names
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map(name => readFileSync(join(this.#tray, name)))
  }

  /** Nobody is left at the printer, and nothing in the queue. */
  async clear(): Promise<void> {
    this.release()
    await this.admin('cancel', '-a', QUEUE).catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.release()
    this.freeze(false)
    // It ends its backends with it.
    await this.kill('SIGTERM')
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 })
  }
}
