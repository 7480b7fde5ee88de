/** `npm start` as a person lives it: ready, stopped, killed, started again. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive } from '../../tools/dev/child-process.ts'
import { freePort, isPortFree } from '../../tools/dev/ports.ts'

const projectDir = resolve(import.meta.dirname, '../..')

let dataDir: string
let port: number
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'muster-start-'))
  port = await freePort()
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

test('RUN-1: it starts, stops with exit code 0, and keeps the data, the files and the secret', async () => {
  const first = await start()
  expect(first.output()).toContain(`http://localhost:${port}`)
  expect((await fetch(`http://localhost:${port}/health`)).status).toBe(200)
  const secret = await readFile(join(dataDir, 'auth-secret'), 'utf8')
  expect((await stat(join(dataDir, 'auth-secret'))).mode & 0o077).toBe(0)
  const postgres = await postgresPid()
  const person = await signIn()
  const file_url = await person.upload('the belt is hot')
  await sendOutside(first, '停機 <b>')

  expect(await first.end('SIGINT')).toBe(0)
  expect(isAlive(postgres)).toBe(false)
  expect(await isPortFree(port)).toBe(true)

  const second = await start()
  expect(await readFile(join(dataDir, 'auth-secret'), 'utf8')).toBe(secret)
  expect(await person.read(file_url)).toBe('the belt is hot')
  const shown = await (await fetch(outsideUrl(second))).text()
  expect(shown).toContain('停機 &lt;b&gt;')
  expect(await second.end('SIGTERM')).toBe(0)
})

test('RUN-1: after SIGKILL nothing stays behind and the next start heals', async () => {
  const killed = await start()
  const postgres = await postgresPid()
  await killed.end('SIGKILL')
  await expect.poll(() => isAlive(postgres), { timeout: 10_000 }).toBe(false)

  const next = await start()
  expect(await next.end('SIGINT')).toBe(0)
})

test('RUN-1: it says in one line that Postgres died, and stops the rest', async () => {
  const running = await start()
  process.kill(await postgresPid(), 'SIGKILL')
  expect(await running.ended).toBe(1)
  expect(running.output()).toContain('Postgres ended (signal SIGKILL); stopping the rest.')
  expect(await isPortFree(port)).toBe(true)
})

/** Where the stand-ins for outside services show what arrived. */
function outsideUrl({ output }: Started): string {
  return /see them at (http:\S+)/.exec(output())?.[1] ?? 'not told'
}

async function sendOutside(started: Started, text: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const url = `${outsideUrl(started)}/webhook`
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ text }) })
  expect(response.status).toBe(200)
}

type SignedIn = {
  /** @returns its address */
  upload(content: string): Promise<string>
  read(file_url: string): Promise<string>
}

async function call<Body>(
  path: string,
  headers: Record<string, string>,
  body: BodyInit,
): Promise<Body> {
  const response = await fetch(`http://localhost:${port}${path}`, { method: 'POST', headers, body })
  expect(response.ok).toBe(true)
  return (await response.json()) as Body
}

async function signIn(): Promise<SignedIn> {
  const json = { 'content-type': 'application/json' }
  const login = JSON.stringify({ user_id: 'mei@example.com' })
  const { token } = await call<{ token: string }>('/api/auth/dev-login', json, login)
  const headers = { authorization: `Bearer ${token}` }
  const details = JSON.stringify({ title: 'Press 4', incident_type: 'other', severity: 'low' })
  const room = await call<{ room_id: string }>('/api/rooms', { ...headers, ...json }, details)
  return {
    async upload(content) {
      const form = new FormData()
      form.set('file', new File([content], 'note.txt'))
      const path = `/api/rooms/${room.room_id}/files`
      return (await call<{ file_url: string }>(path, headers, form)).file_url
    },
    async read(file_url) {
      return (await fetch(`http://localhost:${port}${file_url}`, { headers })).text()
    },
  }
}

async function postgresPid(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10)
}

type Started = {
  output(): string
  ended: Promise<number | null>
  end(signal: NodeJS.Signals): Promise<number | null>
}

async function start(): Promise<Started> {
  const child: ChildProcess = spawn(process.execPath, ['tools/dev/start.ts'], {
    cwd: projectDir,
    env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | null>((done) => child.once('close', done))
  await new Promise<void>((ready, fail) => {
    const collect = (text: Buffer) => {
      output += String(text)
      if (output.includes('Muster is ready')) ready()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    void ended.then(() => fail(new Error(`npm start ended: ${output}`)))
  })
  return {
    output: () => output,
    ended,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
