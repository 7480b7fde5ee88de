/**
 * A push service with its browsers, on this machine: takes pushes over HTTP as those of the browser
 * makers do, checks who sends (RFC 8292), and reads each as the browser would. Tests in Node use
 * the class; those in workerd reach it through `/devices`.
 */
import { createECDH, createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PushPayload, PushSubscription } from '../../src/protocol/push.ts'
import { decryptPush, type BrowserKeys } from './push-decrypt.ts'
import type { Behaviour, Push } from './push-told.ts'

export type Device = {
  readonly subscription: Pick<PushSubscription, 'endpoint' | 'keys'>
  /** Those that it took, oldest first. */
  readonly pushes: Push[]
  /** All that came, taken or not. */
  attempts: number
  behaviour: Behaviour
}

type KnownDevice = Device & { readonly keys: BrowserKeys }

export class PushService {
  readonly url: string
  readonly #server: Server
  readonly #devices = new Map<string, KnownDevice>()
  /** What was wrong with pushes, for a test to be empty. */
  readonly problems: string[] = []

  static async start(): Promise<PushService> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new PushService(server)
  }

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.problems.push(String(error))
        response.writeHead(400).end(String(error))
      })
    })
  }

  /** A browser that its person allowed to be pushed to. */
  addDevice(behaviour: Behaviour = { kind: 'take' }): Device {
    const id = randomUUID()
    const ecdh = createECDH('prime256v1')
    const public_key = ecdh.generateKeys()
    const keys = { public_key, private_key: ecdh.getPrivateKey(), auth: randomBytes(16) }
    const device: KnownDevice = {
      keys,
      subscription: {
        endpoint: `${this.url}/push/${id}`,
        keys: {
          p256dh: public_key.toString('base64url'),
          auth: keys.auth.toString('base64url'),
        },
      },
      pushes: [],
      attempts: 0,
      behaviour,
    }
    this.#devices.set(id, device)
    return device
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, what, id = ''] = (request.url ?? '').split('/')
    const body = await bytesOf(request)
    if (what === 'devices') return this.#control(request.method, id, body, response)
    const device = this.#devices.get(id)
    if (what !== 'push' || !device) return void response.writeHead(404).end()
    device.attempts += 1
    const { behaviour } = device
    switch (behaviour.kind) {
      case 'hang':
        return
      case 'refuse':
        response.writeHead(
          behaviour.status,
          behaviour.retry_after === undefined ? {} : { 'retry-after': behaviour.retry_after },
        )
        return void response.end()
      case 'take':
        device.pushes.push(this.#read(device, request, body))
        return void response
          .writeHead(201, { location: `${this.url}/message/${randomUUID()}` })
          .end()
    }
  }

  /** @throws Error where a push service would not take it, or the browser could not read it */
  #read(device: KnownDevice, request: IncomingMessage, body: Buffer): Push {
    const { headers } = request
    if (request.method !== 'POST') throw new Error(`${request.method} is not POST`)
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('not aes128gcm')
    if (body.length > 4_096) throw new Error(`${body.length} bytes are too many`)
    const topic = headers['topic'] as string | undefined
    if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(topic))
      throw new Error(`topic ${topic}`)
    return {
      payload: JSON.parse(decryptPush(device.keys, body)) as PushPayload,
      ttl: Number(headers['ttl']),
      urgency: headers['urgency'] as string | undefined,
      topic,
      claims: claimsOf(headers.authorization ?? '', this.url),
      bytes: body.length,
    }
  }

  /** For tests that run elsewhere: POST makes a device, GET tells of one, PUT changes it. */
  #control(method: string | undefined, id: string, body: Buffer, response: ServerResponse): void {
    if (method === 'POST') {
      const { subscription } = this.addDevice()
      return void response.end(JSON.stringify(subscription))
    }
    const device = this.#devices.get(id)
    if (!device) return void response.writeHead(404).end()
    if (method === 'PUT') device.behaviour = JSON.parse(body.toString()) as Behaviour
    const { pushes, attempts } = device
    response.end(JSON.stringify({ pushes, attempts, problems: this.problems }))
  }
}

const DAY_S = 86_400

/** @throws Error where the token is not signed by the key beside it, or not meant for us now */
function claimsOf(authorization: string, origin: string): Push['claims'] {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+),\s*k=(\S+)$/.exec(authorization) ?? []
  const [head = '', payload = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  )
  const public_key = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' },
    format: 'jwk',
  })
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key: public_key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (alg !== 'ES256' || !isSigned) throw new Error('the token is not signed by its key')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Push['claims']
  const now_s = Date.now() / 1_000
  if (claims.exp <= now_s || claims.exp > now_s + DAY_S) throw new Error(`exp is ${claims.exp}`)
  if (claims.aud !== origin) throw new Error(`aud is ${claims.aud}`)
  if (!claims.sub.startsWith('mailto:')) throw new Error(`sub is ${claims.sub}`)
  return claims
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
