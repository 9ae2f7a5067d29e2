import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { CaptureFrame, CaptureSource } from 'sidik/capture'
import { type LibfprintSourceOptions, libfprintSource } from 'sidik/capture/libfprint'
import { afterEach, describe, expect, it } from 'vitest'
import { contractSuite, picture, type Rig } from '../../contract.js'
import { temporaryFolder } from '../files.js'
import { frameBytes, type Sender, sender, words } from './sender.js'

const folder = temporaryFolder('fp')
let count = 0
const newPath = () => join(folder, `${count++}.sock`)

async function libfprintRig(): Promise<Rig> {
  const socketPath = newPath()
  const source = libfprintSource({ socketPath, ppi: 500 })
  await source.state()
  const { socket, send } = await sender(socketPath)
  return {
    source,
    present: async image => void send(frameBytes(image)),
    close: async () => void socket.destroy(),
  }
}

contractSuite("libfprint's virtual image device", libfprintRig, { exact: true, states: false, disconnects: false })

const opened: CaptureSource[] = []
const senders: Sender[] = []
afterEach(async () => {
  for (const { socket } of senders.splice(0)) socket.destroy()
  for (const source of opened.splice(0)) await source.close()
})

async function listening(options: Partial<LibfprintSourceOptions> = {}) {
  const socketPath = options.socketPath ?? newPath()
  const source = libfprintSource({ socketPath, ppi: 500, ...options })
  opened.push(source)
  expect(await source.state()).toMatchObject({ status: 'ready', message: expect.stringContaining(socketPath) })
  const connected = async () => {
    const client = await sender(socketPath)
    senders.push(client)
    return client
  }
  return { source, socketPath, connected }
}

const next = async (source: CaptureSource): Promise<CaptureFrame | undefined> => {
  for await (const frame of source.capture({ timeoutMs: 2_000 })) return frame
}

describe('libfprintSource', () => {
  it('gives frames of many senders as they come, of the resolution that it is told', async () => {
    const { source, connected } = await listening({ ppi: 363, device: { model: 'uru4000' } })
    const capture = source.capture()
    for (let i = 0; i < 4; i++) {
      // As sendvirtimg.py does: connect, send, end.
      const { socket, send } = await connected()
      await send(frameBytes(picture(i, 100 + i, 120)))
      socket.end()
      const { value } = await capture.next()
      expect(value).toMatchObject({ widthPx: 100 + i, ppi: 363, device: { adapter: 'libfprint', model: 'uru4000' } })
    }
    await capture.return()
  })

  it('says what the sender says of fingers, and goes on after scans that failed', async () => {
    const said: unknown[] = []
    const { source, connected } = await listening({
      onFeedback: ({ code, message }) => said.push(code, message.length > 10),
      onFinger: present => said.push(present),
    })
    const { send } = await connected()
    await send(...[0, 1, 2, 3, 4, 77].map(code => words(-1, code)), frameBytes(picture(1)))
    expect(await next(source)).toMatchObject({ widthPx: 200 })
    const codes = ['try-again', 'too-short', 'not-centred', 'remove-finger', 'too-fast', 'try-again']
    expect(said.splice(0)).toEqual([...codes.flatMap(code => [code, true]), true, false])
    await send(words(-3, 0), words(-4, 1), frameBytes(picture(2)), words(-4, 0), words(-3, 1), frameBytes(picture(3)))
    for await (const { widthPx } of source.capture()) {
      said.push(widthPx)
      if (said.filter(word => word === 200).length === 2) break
    }
    expect(said).toEqual([true, 200, false, true, 200, false])
  })

  it('ends a capture with the error that is sent', async () => {
    const { source, connected } = await listening()
    const { send } = await connected()
    const codes: [number, string][] = [
      [0, 'DEVICE_REFUSED'],
      [2, 'DEVICE_NOT_READY'],
      [4, 'DEVICE_BUSY'],
      [5, 'DEVICE_REFUSED'],
      [0x100, 'DEVICE_DISCONNECTED'],
      [0x101, 'DEVICE_NOT_READY'],
      [-3, 'DEVICE_REFUSED'],
    ]
    for (const [number, code] of codes) {
      await send(words(-2, number))
      await expect(next(source)).rejects.toMatchObject({ code, message: expect.stringContaining(`${number}`) })
    }
    await send(frameBytes(picture(1)), words(-5, 0), frameBytes(picture(2)))
    expect(await next(source)).toMatchObject({ widthPx: 200 })
    await expect(next(source)).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' })
    await expect(source.capture({ timeoutMs: 50 }).next()).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
  })

  it('gives nothing of a frame whose sender goes away in the middle, and says so', async () => {
    const { source, connected } = await listening()
    const bytes = frameBytes(picture(1))
    for (const size of [3, 8, 1_000, bytes.length - 1]) {
      const { socket, send } = await connected()
      const frame = next(source)
      await send(bytes.subarray(0, size))
      socket.destroy()
      await expect(frame, `${size} bytes`).rejects.toMatchObject({ code: 'DEVICE_DISCONNECTED' })
    }
    const { send } = await connected()
    await send(bytes)
    expect(await next(source)).toMatchObject({ widthPx: 200 })
  })

  it('goes on with a frame that was half there when a capture was left', async () => {
    const { source, connected } = await listening()
    const { send } = await connected()
    const image = picture(3)
    const bytes = frameBytes(image)
    await send(bytes.subarray(0, 20_000))
    await expect(source.capture({ timeoutMs: 60 }).next()).rejects.toMatchObject({ code: 'CAPTURE_TIMEOUT' })
    await send(bytes.subarray(20_000))
    expect(Buffer.compare((await next(source))!.data, image.data)).toBe(0)
  })

  it('closes the connection of who sends what is no message, and goes on with the others', async () => {
    const { source, connected } = await listening()
    for (const bad of [words(-9, 0), words(6_000, 10), words(4, -4)]) {
      const [liar, other] = [await connected(), await connected()]
      const closed = new Promise(resolve => liar.socket.once('close', resolve))
      await liar.send(bad, frameBytes(picture(1)))
      await expect(next(source)).rejects.toMatchObject({ code: 'DEVICE_PROTOCOL' })
      await closed
      await other.send(frameBytes(picture(2, 90, 90)))
      expect(await next(source)).toMatchObject({ widthPx: 90 })
    }
    const { send } = await connected()
    await send(words(0, 0), frameBytes(picture(4, 20, 20)), frameBytes(picture(5)))
    await expect(next(source)).rejects.toMatchObject({ code: 'IMAGE_EMPTY' })
    await expect(next(source)).rejects.toMatchObject({ code: 'IMAGE_TOO_SMALL' })
    expect(await next(source)).toMatchObject({ widthPx: 200 })
  })

  it('reads nothing while nobody captures: the sender waits', async () => {
    const { source, connected } = await listening()
    const { send } = await connected()
    const image = picture(1, 1_000, 1_000)
    let sent = 0
    const sending = (async () => {
      for (let i = 0; i < 12; i++) {
        await send(frameBytes(image))
        sent++
      }
    })()
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(sent).toBeLessThan(3)
    let taken = 0
    for await (const { data } of source.capture()) {
      expect(Buffer.compare(data, image.data)).toBe(0)
      if (++taken === 12) break
    }
    await sending
  })

  it('has its socket for itself, takes the place of one that a crash left, and leaves none', async () => {
    const { source, socketPath } = await listening()
    const second = libfprintSource({ socketPath, ppi: 500 })
    expect(await second.state()).toMatchObject({ status: 'busy', message: expect.stringContaining(socketPath) })
    await expect(second.capture().next()).rejects.toMatchObject({ code: 'DEVICE_BUSY' })
    expect(await source.state()).toMatchObject({ status: 'ready' })
    await source.close()
    expect(existsSync(socketPath)).toBe(false)
    const left = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', left])
    expect(existsSync(socketPath)).toBe(true)
    expect(await second.state()).toMatchObject({ status: 'ready' })
    const { send } = await sender(socketPath)
    await send(frameBytes(picture(1)))
    expect(await next(second)).toMatchObject({ widthPx: 200 })
    await second.close()
    expect(existsSync(socketPath)).toBe(false)
  })

  it('lets one of many have a socket that a crash left', async () => {
    const socketPath = newPath()
    const left = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', left])
    const sources = Array.from({ length: 8 }, () => libfprintSource({ socketPath, ppi: 500 }))
    opened.push(...sources)
    const states = await Promise.all(sources.map(source => source.state()))
    expect(states.filter(({ status }) => status === 'ready')).toHaveLength(1)
    expect(states.filter(({ status }) => status === 'busy')).toHaveLength(7)
    await (await sender(socketPath)).send(frameBytes(picture(1)))
    expect(await next(sources[states.findIndex(({ status }) => status === 'ready')])).toMatchObject({ widthPx: 200 })
  })

  it('removes no file that is not its socket', async () => {
    const socketPath = newPath()
    writeFileSync(socketPath, 'a letter')
    const source = libfprintSource({ socketPath, ppi: 500 })
    expect(await source.state()).toMatchObject({ status: 'unreachable', message: expect.stringContaining('no socket') })
    expect(readFileSync(socketPath, 'utf8')).toBe('a letter')
    const nowhere = libfprintSource({ socketPath: join(folder, 'no', 'such'), ppi: 500 })
    await expect(nowhere.capture().next()).rejects.toMatchObject({ code: 'DEVICE_UNREACHABLE' })
  })

  it('listens once the other program is gone', async () => {
    const socketPath = newPath()
    const other = createServer()
    await new Promise<void>(resolve => other.listen(socketPath, resolve))
    const source = libfprintSource({ socketPath, ppi: 500 })
    opened.push(source)
    expect(await source.state()).toMatchObject({ status: 'busy' })
    await new Promise(resolve => other.close(resolve))
    expect(await source.state()).toMatchObject({ status: 'ready' })
  })

  it('refuses options that are none', () => {
    const refusing = (options: object) => expect(() => libfprintSource(options as LibfprintSourceOptions))
    refusing({ ppi: 500 }).toThrow(/socketPath/)
    refusing({ socketPath: 'a' }).toThrow(/ppi must be given/)
    refusing({ socketPath: 'a'.repeat(101), ppi: 500 }).toThrow(RangeError)
    refusing({ socketPath: 'a', ppi: 500, onRetry: () => {} }).toThrow(/no option 'onRetry'/)
  })

  it.skipIf(spawnSync('python3', ['--version']).status !== 0)('understands a client in Python', async () => {
    const { source, socketPath } = await listening()
    const script = `
import socket, struct, sys
con = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
con.connect(sys.argv[1])
con.sendall(struct.pack('ii', -1, 1))
con.sendall(struct.pack('ii', 96, 64) + bytes(i % 251 for i in range(96 * 64)))
`
    const client = spawn('python3', ['-c', script, socketPath], { stdio: 'inherit' })
    const frame = await next(source)
    expect(frame).toMatchObject({ widthPx: 96, heightPx: 64 })
    expect(frame!.data.every((value, i) => value === i % 251)).toBe(true)
    expect(await new Promise(resolve => client.once('close', resolve))).toBe(0)
  })
})
