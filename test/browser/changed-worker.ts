/**
 * A Worker as a browser sees it after a deployment: everything is passed on under the page's
 * policy, and the service worker's script has another text for every version.
 */
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What Cloudflare sends with the page's files; the Worker under test serves them bare. */
const headers_file = readFileSync(new URL('../../web/public/_headers', import.meta.url), 'utf8')
const page_policy = /content-security-policy: (.+)/.exec(headers_file)?.[1] ?? ''

export type ChangedWorker = {
  readonly url: string
  deploy(): void
  stop(): Promise<void>
}

export const startChangedWorker = async (worker_url: string): Promise<ChangedWorker> => {
  let version = 0
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming
    const passed = request(new URL(url, worker_url), { method, headers }, (answer) => {
      const is_changed = url === '/sw.js'
      if (is_changed) delete answer.headers['content-length']
      answer.headers['content-security-policy'] ??= page_policy
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing, { end: !is_changed })
      if (is_changed) answer.on('end', () => outgoing.end(`\n// ${version}\n`))
    })
    passed.on('error', () => outgoing.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deploy: () => {
      version += 1
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
