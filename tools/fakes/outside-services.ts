/**
 * Stand-ins on this machine for the outside services (DISP-9): an HTTP server that speaks the APIs
 * of Resend and of the WhatsApp Cloud API, hears webhooks, and shows what arrived.
 *
 *   POST /emails   POST /v23.0/{id}/messages   POST /webhook…   GET /   GET, PUT /control/{service}
 *
 * Below /desk/{name} is the same once more, apart from the others: for tests that share a server.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appendArrivals, readArrivals } from './arrivals-file.ts'
import { fakeAccount, services, type Arrival, type Behaviour, type Service } from './behaviour.ts'
import { control, html, json } from './control.ts'
import { Desk, type Reaction } from './desk.ts'
import { pageOf } from './page.ts'
import { bodyOf, type FakeRequest } from './request.ts'

export type OutsideOptions = {
  /** Absent: a free one. */
  readonly port?: number
  /** Keeps what arrived, a line each. Absent: nothing is kept. */
  readonly file?: string
}

export class OutsideServices {
  /** http://127.0.0.1:port */
  readonly url: string
  readonly #server: Server
  readonly #file: string | undefined
  readonly #desks = new Map<string, Desk>()
  readonly #timers = new Set<NodeJS.Timeout>()

  static async start(options: OutsideOptions = {}): Promise<OutsideServices> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, '127.0.0.1', resolve)
    })
    return new OutsideServices(server, options.file)
  }

  private constructor(server: Server, file: string | undefined) {
    this.#server = server
    this.#file = file
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const arrival of file === undefined ? [] : readArrivals(file))
      this.desk().remember(arrival)
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.desk().problems.push(String(error))
        response.destroy()
      })
    })
  }

  desk(name = ''): Desk {
    const known = this.#desks.get(name)
    if (known) return known
    const made = new Desk()
    this.#desks.set(name, made)
    return made
  }

  behave(service: Service, behaviour: Behaviour): void {
    this.desk().behaviours.set(service, behaviour)
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.url)
    const [, name = '', rest = pathname] = /^\/desk\/([^/]+)(\/.*)$/.exec(pathname) ?? []
    const desk = this.desk(name)
    const asked: FakeRequest = {
      ...{ method: request.method ?? 'GET', path: rest, headers: request.headers },
      body: await bodyOf(request),
    }
    if (rest === '/' && asked.method === 'GET') return html(response, pageOf(desk))
    const [, controlled] = /^\/control\/(\w+)$/.exec(rest) ?? []
    const service = controlled === undefined ? serviceOf(rest) : named(controlled)
    if (service === undefined) return json(response, 404, { error: 'there is nothing here' })
    if (controlled !== undefined) return control(desk, service, asked, response)
    const before = desk.arrivals.length
    const { reaction, ended } = desk.react(service, asked)
    response.once('close', ended)
    if (name === '') this.#save(desk.arrivals.slice(before))
    this.#carryOut(reaction, response)
  }

  #carryOut(reaction: Reaction, response: ServerResponse): void {
    if (reaction.kind === 'hang') return
    if (reaction.kind === 'break_off') {
      response.destroy()
      return
    }
    const { status, body, headers } = reaction.answer
    if (reaction.after_ms === 0) return json(response, status, body, headers)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      json(response, status, body, headers)
    }, reaction.after_ms)
    this.#timers.add(timer)
  }

  #save(arrivals: readonly Arrival[]): void {
    if (this.#file !== undefined) appendArrivals(this.#file, arrivals)
  }
}

/** What a Worker needs to be told to send here. */
export function emailVars(url: string): Record<string, string> {
  return {
    EMAIL_API_URL: url,
    EMAIL_API_KEY: fakeAccount.email_api_key,
    EMAIL_FROM: fakeAccount.email_from,
  }
}

export function whatsappVars(url: string): Record<string, string> {
  return {
    WHATSAPP_API_URL: `${url}/v23.0`,
    WHATSAPP_ACCESS_TOKEN: fakeAccount.whatsapp_access_token,
    WHATSAPP_PHONE_NUMBER_ID: fakeAccount.whatsapp_phone_number_id,
  }
}

function serviceOf(path: string): Service | undefined {
  if (path.startsWith('/emails')) return 'email'
  if (path.startsWith('/webhook')) return 'webhook'
  return /^\/v\d+\.\d+\//.test(path) ? 'whatsapp' : undefined
}

function named(name: string): Service | undefined {
  return services.find((service) => service === name)
}
