/**
 * A Worker as a browser sees it after a deployment: everything is passed on, and the service
 * worker's script has another text for every version.
 */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

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
