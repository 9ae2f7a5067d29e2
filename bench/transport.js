/**
 * Messages to a hub over HTTP: figures of docs/station-http.md. The hub is a process of its own on this machine; a line that counts lies between.
 *
 *   node bench/transport.js [--messages N] [--breaks N]
 *       N messages of 1 MiB, one after another and four at a time; N messages of 5 MiB whose line breaks once, at random.
 */
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Random } from '../dist/random.js'
import { createIdentity, httpTransport, publicIdentity } from '../dist/station/index.js'
import { CountingLine } from './support/counting-line.js'
import { describeMachine } from './support/machine.js'
import { median } from './support/median.js'

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100' }, breaks: { type: 'string', default: '30' } },
})
const MIB = 2 ** 20
const ANSWER_BYTES = 200
console.log(JSON.stringify(describeMachine()))
const hub = fork(fileURLToPath(new URL('support/transport-hub.js', import.meta.url)))
const [{ port, peer }] = await once(hub, 'message')
const identity = await createIdentity('kiosk-1')
const kiosk = await publicIdentity(identity)
await hubProcessorMs()
const line = await CountingLine.to(port)
const through = linePort =>
  httpTransport({ url: `http://127.0.0.1:${linePort}/sync`, identity, peer, retryDelaysMs: [0, 10, 100] })
await throughput(Number(values.messages))
await overhead()
await breaks(Number(values.breaks))
line.close()
hub.send({ end: true })
await once(hub, 'exit')

/** What the hub has used of its processor; it knows the station from then on. */
async function hubProcessorMs() {
  hub.send({ kiosk })
  const [{ processorMs }] = await once(hub, 'message')
  return processorMs
}

async function throughput(count) {
  const transport = through(port)
  const messages = Array.from({ length: count }, () => randomBytes(MIB))
  await transport.exchange(messages[0], {})
  for (const atOnce of [1, 4]) {
    const hubBefore = await hubProcessorMs()
    const before = process.cpuUsage()
    const begun = performance.now()
    const left = [...messages]
    const lane = async () => {
      for (let message = left.pop(); message !== undefined; message = left.pop()) await transport.exchange(message, {})
    }
    await Promise.all(Array.from({ length: atOnce }, lane))
    const seconds = (performance.now() - begun) / 1000
    const { user, system } = process.cpuUsage(before)
    console.log(
      `${count} messages of 1 MiB, ${atOnce} at a time: ${seconds.toFixed(2)} s, ${(count / seconds).toFixed(1)} MiB/s; ` +
        `of the processor ${((user + system) / 1000 / count).toFixed(1)} ms each at the station, ` +
        `${(((await hubProcessorMs()) - hubBefore) / count).toFixed(1)} ms at the hub`,
    )
  }
  await transport.close()
}

async function overhead() {
  for (const bytes of [0, 1_024, 32 * 1_024, 100 * 1_024, MIB, 5 * MIB]) {
    const transport = through(line.port)
    await transport.exchange(randomBytes(bytes), {})
    const [up, down] = [line.up, line.down]
    await transport.exchange(randomBytes(bytes), {})
    console.log(
      `a message of ${bytes} bytes: ${line.up - up - bytes} bytes more up, ` +
        `${line.down - down - Math.min(bytes, ANSWER_BYTES)} more than the answer down`,
    )
    await transport.close()
  }
}

async function breaks(count) {
  const bytes = 5 * MIB
  const random = new Random(7002)
  const more = []
  for (let i = 0; i < count; i++) {
    const transport = through(line.port)
    const before = line.up
    const at = 2_000 + random.below(bytes)
    let isCut = false
    line.cutAt = up => {
      const now = !isCut && up - before >= at
      isCut ||= now
      return now
    }
    await transport.exchange(randomBytes(bytes), {})
    more.push(line.up - before - bytes)
    await transport.close()
  }
  console.log(
    `a message of 5 MiB whose line breaks once, ${count} times: ${median(more)} bytes more up than the message (median), ` +
      `${Math.min(...more)} to ${Math.max(...more)}`,
  )
}
