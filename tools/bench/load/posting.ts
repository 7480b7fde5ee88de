/** Posts many messages over HTTP, all of them as early as can be or at a rate, and counts answers. */
import { pause } from '../../dev/child-process.ts'
import { contentOf } from './dialect.ts'
import { Histogram, type Latency } from './histogram.ts'
import { HttpClient, postRequest, type Answer } from './http-client.ts'

export type PostPlan = {
  port: number
  path: string
  /** One sender each, in turn. */
  headers: Record<string, string>[]
  /** One message. `$content` and `$id` stand for its content and its unique id. */
  message: string
  /** Messages in one request, one per line; 1 when absent. */
  lines?: number
  messages: number
  /** Connections; the requests are spread over them. */
  sockets: number
  /** Requests a second; absent: all at once. */
  rate?: number
}

export type Posted = {
  /** Requests by the status of their answer; 0: none came. */
  statuses: Record<number, number>
  /** Messages that were accepted. */
  accepted: number
  /** From the first request to the last answer. */
  elapsedMs: number
  /** From when a request was to be sent to its answer. */
  latency: Latency
}

const answerTimeoutMs = 120_000
const connectingAtOnce = 100

export async function post(plan: PostPlan, firstNumber: number): Promise<Posted> {
  const clients = await connectAll(plan)
  const requests = requestsOf(plan, firstNumber)
  const latency = new Histogram()
  const statuses: Record<number, number> = {}
  let accepted = 0
  let left = requests.length
  const all = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => all.reject(new Error(`${left} requests had no answer.`)),
    answerTimeoutMs,
  )

  const started = performance.now()
  let ended = started
  const send = (index: number, intended: number) =>
    clients[index % clients.length]?.send(requests[index] ?? Buffer.alloc(0), (answer) => {
      ended = performance.now()
      latency.add(ended - intended)
      const status = answer instanceof Error ? 0 : answer.status
      statuses[status] = (statuses[status] ?? 0) + 1
      accepted += acceptedBy(answer, plan)
      left -= 1
      if (left === 0) all.resolve()
    })
  for (let index = 0; index < requests.length;) {
    const due =
      plan.rate === undefined
        ? requests.length
        : ((performance.now() - started) * plan.rate) / 1_000
    for (; index < Math.min(due, requests.length); index++)
      send(index, plan.rate === undefined ? started : started + (index * 1_000) / plan.rate)
    if (index < requests.length) await pause(1)
  }
  try {
    await all.promise
  } finally {
    clearTimeout(timer)
    for (const client of clients) client.close()
  }
  return { statuses, accepted, elapsedMs: ended - started, latency: latency.read() }
}

const connectAll = async ({ sockets, port }: PostPlan): Promise<HttpClient[]> => {
  const clients: HttpClient[] = []
  while (clients.length < sockets) {
    const some = Array.from(
      { length: Math.min(connectingAtOnce, sockets - clients.length) },
      () => new HttpClient(port),
    )
    await Promise.all(some.map((client) => client.opened))
    clients.push(...some)
  }
  return clients
}

/** Made before the clock runs, so that it measures the server. */
const requestsOf = (plan: PostPlan, firstNumber: number): Buffer[] => {
  const { port, path, headers, message, lines = 1, messages } = plan
  const made: Buffer[] = []
  for (let done = 0; done < messages; done += lines) {
    const body = Array.from({ length: Math.min(lines, messages - done) }, (_, index) => {
      const number = firstNumber + done + index
      return message.replace('$content', contentOf(number)).replace('$id', `bench-${number}`)
    }).join('\n')
    const sender = headers[made.length % headers.length] ?? {}
    made.push(postRequest({ port, path, headers: sender, body }))
  }
  return made
}

const acceptedBy = (answer: Answer | Error, { lines }: PostPlan): number => {
  if (answer instanceof Error || answer.status !== 202) return 0
  return lines === undefined ? 1 : (JSON.parse(answer.body) as { accepted: number }).accepted
}
