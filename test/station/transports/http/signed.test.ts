import { createIdentity, publicIdentity, type Transport } from 'sidik/station'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HttpMiddle, type MiddleRequest, type MiddleResponse } from '../../../support/http-middle.js'
import { Hub } from '../../../support/hub.js'
import { signedRequest } from '../../../support/signed-request.js'
import { bytesOf, expectSame, failure, inverted } from '../contract.js'

/** Who may speak with a hub, and who may pass for it: over plain HTTP, with somebody in the middle. */

const KIB = 1_024
const MESSAGE = bytesOf(1, 100 * KIB)

describe('between a station and its hub', () => {
  let hub: Hub
  let middle: HttpMiddle
  let transport: Transport

  beforeEach(async () => {
    hub = await Hub.open()
    hub.receive = async message => inverted(message)
    middle = await HttpMiddle.to(() => hub.port)
    transport = hub.transport({ port: middle.port })
  })

  afterEach(async () => {
    await transport.close?.()
    await middle.close()
    await hub.close()
  })

  it('what is not altered gets through, and nothing of it stays on the disk', async () => {
    expectSame(await transport.exchange(MESSAGE, {}), inverted(MESSAGE))
    expect(middle.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'GET'])
    while ((await hub.uploads()).length > 0) await new Promise(resolve => setTimeout(resolve, 5))
  })

  it('a station that is not known, or has another key, is refused', async () => {
    const stranger = hub.transport({ identity: await createIdentity('kiosk-2') })
    expect(await failure(stranger.exchange(MESSAGE, {}))).toMatchObject({
      code: 'LINE_REFUSED',
      message: expect.stringContaining('signature of this station: it is not known there'),
    })
    const impostor = hub.transport({ identity: await createIdentity('kiosk-1') })
    expect(await failure(impostor.exchange(MESSAGE, {}))).toMatchObject({
      code: 'LINE_REFUSED',
      message: expect.stringContaining('signature of this station'),
    })
    expect(hub.received).toEqual([])
    expect(await hub.uploads()).toEqual([])
  })

  it('a hub that has another key, or is another, is not taken for the hub', async () => {
    const other = await publicIdentity(await createIdentity('hub'))
    expect((await failure(hub.transport({ peer: other }).exchange(MESSAGE, {}))).code).toBe('LINE_PROTOCOL')
    const renamed = { ...hub.peer, id: 'another-hub' }
    expect((await failure(hub.transport({ peer: renamed }).exchange(MESSAGE, {}))).code).toBe('LINE_PROTOCOL')
    expect(hub.received).toEqual([])
  })

  const requestAlterations: Record<string, (request: MiddleRequest) => void> = {
    'the method': request => {
      if (request.method === 'PATCH') request.method = 'HEAD'
    },
    'the path': request => {
      if (request.method === 'GET') request.path = request.path.replace('/answer', '')
    },
    'the query': request => {
      request.path += '?x=1'
    },
    'the name of the upload': request => {
      if (request.method === 'PATCH') request.path = request.path.replace(/.$/, last => (last === '0' ? '1' : '0'))
    },
    'the length': request => alterField(request, 'upload-length', '102401'),
    'the digest of the message': request => alterField(request, 'upload-metadata', `sha256 ${btoa('0'.repeat(64))}`),
    'the offset': request => alterField(request, 'upload-offset', '1'),
    'the digest of a part': request => alterField(request, 'content-digest', `sha-256=:${btoa('0'.repeat(32))}:`),
    'the hub that is meant': request => alterField(request, 'sidik-to', 'hub-2'),
    'the time': request => alterField(request, 'signature-input', bumped(request.headers['signature-input'])),
    'the body': request => {
      if (request.body.length > 0) request.body[50_000] ^= 1
    },
    'the body, made shorter': request => {
      if (request.body.length === 0) return
      request.body = request.body.subarray(0, 5_000)
      request.headers['content-length'] = '5000'
    },
    'the signature, which is taken off': request => {
      delete request.headers.signature
    },
    'a range, which is added': request => {
      if (request.method === 'GET') Object.assign(request.headers, { range: 'bytes=5-', 'if-range': '"x"' })
    },
  }

  it.each(Object.entries(requestAlterations))('an altered request is not taken: %s', async (_, alter) => {
    middle.alterRequest = alter
    const { code } = await failure(transport.exchange(MESSAGE, {}))
    expect(['LINE_REFUSED', 'LINE_PROTOCOL']).toContain(code)
    expect(hub.received).toEqual([])
  })

  const responseAlterations: Record<string, (response: MiddleResponse, request: MiddleRequest) => void> = {
    'the status': response => {
      if (response.status === 204) response.status = 201
    },
    'where the upload is': response => alterField(response, 'location', '/sync/elsewhere'),
    'the offset': (response, { method }) => method === 'PATCH' && alterField(response, 'upload-offset', '1000'),
    'a refusal, which is added': response => {
      response.headers['sidik-refusal'] = 'unknown'
    },
    'the signature, which is taken off': response => {
      delete response.headers['signature-input']
    },
    'the digest': response => alterField(response, 'repr-digest', `sha-256=:${btoa('0'.repeat(32))}:`),
    'the answer': response => {
      if (response.body.length > 0) response.body[5] ^= 1
    },
    'the answer, made shorter': response => {
      if (response.body.length === 0) return
      response.body = response.body.subarray(1)
      response.headers['content-length'] = String(response.body.length)
    },
    'the answer, made longer': response => {
      if (response.body.length === 0) return
      response.body = Buffer.concat([response.body, Buffer.of(0)])
      response.headers['content-length'] = String(response.body.length)
    },
  }

  it.each(Object.entries(responseAlterations))('an altered response is not taken: %s', async (_, alter) => {
    middle.alterResponse = alter
    expect((await failure(transport.exchange(MESSAGE, {}))).code).toBe('LINE_PROTOCOL')
  })

  it('a response to another request is not taken', async () => {
    expectSame(await transport.exchange(MESSAGE, {}), inverted(MESSAGE))
    const [, , old] = middle.responses.map(response => ({ ...response, body: Buffer.from(response.body) }))
    middle.alterResponse = (response, { method }) => method === 'GET' && Object.assign(response, old)
    expect((await failure(transport.exchange(MESSAGE, {}))).code).toBe('LINE_PROTOCOL')
  })

  it('a request that is sent again does nothing, here, after a restart, and at another hub', async () => {
    await transport.exchange(MESSAGE, {})
    const spied = [...middle.requests]
    while ((await hub.uploads()).length > 0) await new Promise(resolve => setTimeout(resolve, 5))
    for (const request of spied) {
      const { status, headers, body } = await middle.send(request)
      expect([status, headers['sidik-refusal'], body.length]).toEqual([401, 'replayed', 0])
    }
    const elsewhere = await Hub.open({ identity: await createIdentity('hub-2'), peerOf: id => hub.keys.get(id) })
    for (const request of spied) {
      expect((await middle.send(request, elsewhere.port)).headers['sidik-refusal']).toBe('signature')
    }
    await elsewhere.close()
    await hub.stop()
    await hub.start(Date.now)
    for (const request of spied) expect((await middle.send(request)).headers['sidik-refusal']).toBe('clock')
    expect(hub.received).toHaveLength(1)
    expect(await hub.uploads()).toEqual([])
  })

  it('a request that a proxy sends twice is signed again', async () => {
    middle.alterRequest = request => {
      if (middle.requests.length % 2 === 1) return middle.send({ ...request })
    }
    expectSame(await transport.exchange(bytesOf(2, 100), {}), inverted(bytesOf(2, 100)))
    expect(middle.responses.map(({ headers }) => headers['sidik-refusal'])).toContain('replayed')
  })

  describe('with requests that no transport of ours would make', () => {
    const create = {
      method: 'POST',
      path: '/sync',
      headers: { 'upload-length': '10', 'upload-metadata': `sha256 ${btoa('0'.repeat(64))}` },
    }

    const refusalOf = async (options: Parameters<typeof signedRequest>[1], identity = hub.kiosk) => {
      const { status, headers } = await middle.send(await signedRequest(identity, options))
      return headers['sidik-refusal'] ?? status
    }

    it('takes one that is made by the book', async () => {
      expect(await refusalOf(create)).toBe(201)
    })

    it.each<[string, string, object]>([
      [
        'covers too little',
        'signature',
        { covered: ['@method', '@path', 'sidik-to', 'upload-length', 'upload-metadata'] },
      ],
      [
        'does not cover a field of tus',
        'signature',
        { covered: ['@method', '@path', '@query', 'sidik-to', 'upload-metadata'] },
      ],
      [
        'does not cover whom it is for',
        'signature',
        { covered: ['@method', '@path', '@query', 'upload-length', 'upload-metadata'] },
      ],
      ['has another tag', 'signature', { tag: 'sidik-response' }],
      ['has no nonce', 'signature', { params: ['created', 'keyid', 'tag'] }],
      ['has a nonce as long as a letter', 'signature', { nonce: 'n'.repeat(65) }],
      ['has no time', 'signature', { params: ['nonce', 'keyid', 'tag'] }],
      ['names no key', 'signature', { params: ['created', 'nonce', 'tag'] }],
      ['is old', 'clock', { created: new Date(Date.now() - 180_000) }],
      ['is of the future', 'clock', { created: new Date(Date.now() + 180_000) }],
      ['is for another hub', 'signature', { to: 'hub-2' }],
    ])('refuses one that %s', async (_, refusal, options) => {
      expect(await refusalOf({ ...create, ...options })).toBe(refusal)
      expect(await hub.uploads()).toEqual([])
    })

    it('refuses what is no signature, and a second one beside a good one', async () => {
      const good = await signedRequest(hub.kiosk, create)
      const { signature, 'signature-input': input } = good.headers
      const bad: Record<string, string>[] = [
        { signature: 'x', 'signature-input': 'y' },
        { signature: '', 'signature-input': '' },
        { signature, 'signature-input': `${input}, b=()` },
        { signature: `${signature}, b=${signature.slice(6)}`, 'signature-input': `b${input.slice(5)}, ${input}` },
        { signature, 'signature-input': input.replace('"@method"', '"@method";req') },
        { signature, 'signature-input': input.replace('("@method"', '("@status" "@method"') },
        { signature, 'signature-input': `sidik=${'('.repeat(2_000)}` },
        { signature: 'sidik=1', 'signature-input': input },
        { signature: signature.replace('sidik', 'other'), 'signature-input': input },
      ]
      for (const fields of bad) {
        const { status } = await middle.send({ ...good, headers: { ...good.headers, ...fields } })
        expect(status).toBe(401)
      }
      expect(await hub.uploads()).toEqual([])
      expect((await middle.send(good)).status).toBe(201)
    })

    it('gives a station the uploads and answers of no other, by whatever name', async () => {
      const neighbour = await createIdentity('kiosk-2')
      hub.keys.set('kiosk-2', (await publicIdentity(neighbour)).verifyKey)
      const { headers } = await middle.send(await signedRequest(hub.kiosk, create))
      const { location } = headers
      const { length } = location
      for (const path of [
        location,
        `${location}/answer`,
        `${location.slice(0, length - 32)}${'0'.repeat(32)}`,
        '/sync/..%2f..%2fetc%2fpasswd',
        '/sync/..',
        '/sync/%00',
        `${location}.json`,
        `${location}/answer/more`,
        '/sync/',
        '/sync//answer',
      ]) {
        for (const method of ['HEAD', 'GET', 'PATCH', 'DELETE', 'POST', 'PUT', 'OPTIONS']) {
          const status = await refusalOf({ method, path, headers: { 'upload-offset': '0' } }, neighbour)
          expect([404, 405], `${method} ${path}`).toContain(status)
        }
      }
      expect(await refusalOf({ method: 'HEAD', path: location })).toBe(200)
      expect(await refusalOf({ method: 'DELETE', path: location })).toBe(405)
      expect(await refusalOf({ method: 'GET', path: `${location}/answer` })).toBe(404)
    })

    it('shows the tus server nothing that is not signed', async () => {
      const request = await signedRequest(hub.kiosk, create)
      const { headers } = await middle.send({
        ...request,
        headers: {
          ...request.headers,
          'x-http-method-override': 'DELETE',
          'upload-concat': 'partial',
          'x-forwarded-host': 'evil',
        },
      })
      expect(headers.location).toMatch(/^\/sync\/[0-9a-f]{32}-[0-9a-f]{32}$/)
    })

    it('takes no body without its digest', async () => {
      const { headers } = await middle.send(await signedRequest(hub.kiosk, create))
      const patch = {
        method: 'PATCH',
        path: headers.location,
        headers: { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      }
      const request = await signedRequest(hub.kiosk, patch)
      const response = await middle.send({ ...request, body: Buffer.alloc(10) })
      expect(response.headers['sidik-refusal']).toBe('signature')
    })
  })
})

function alterField(message: MiddleRequest | MiddleResponse, name: string, value: string): void {
  if (message.headers[name] !== undefined) message.headers[name] = value
}

function bumped(input: string | undefined): string {
  return (input ?? '').replace(/created=(\d+)/, (_, time) => `created=${Number(time) + 1}`)
}
