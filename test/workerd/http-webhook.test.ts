/** Where senders have their outcomes told (DISP-5): an address of their own, and its secret. */
import { describe, expect, test, vi } from 'vitest'
import { askDatabase } from '../../src/durable/ask-database.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { NewWebhook, Webhook } from '../../src/protocol/one-way.ts'
import { signIn, type Caller } from './http-client.ts'
import { bindings } from './support/bindings.ts'

const path = '/api/me/webhook'
const url = 'https://hooks.example.com/one-way?key=s3cret'

const stored = async ({ user_id }: Caller) => {
  const known = await askDatabase(bindings, user_id, 'readWebhook', { user_id })
  return known.ok ? known.value : undefined
}

describe('[DISP-5] a webhook', () => {
  test('is there once it is said, with a secret that is shown once', async () => {
    const ann = await signIn('ann')
    expect((await ann.get<Problem>(path)).body).toMatchObject({ status: 404, code: 'not_found' })
    const { status, body } = await ann.put<NewWebhook>(path, { url })
    expect([status, body.url]).toEqual([200, url])
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const known = await ann.get<Webhook>(path)
    expect(known).toMatchObject({ status: 200 })
    expect(known.body).toEqual({ url, created_at: body.created_at })
    expect(await stored(ann)).toEqual(body)
  })

  test('is one: the next takes its place, with another secret', async () => {
    const ann = await signIn('ann')
    const first = await ann.put<NewWebhook>(path, { url })
    const second = await ann.put<NewWebhook>(path, { url: 'https://other.example.com/' })
    expect(second.body.secret).not.toBe(first.body.secret)
    expect(await stored(ann)).toEqual(second.body)
  })

  test('[SEC-2] is its person’s alone, and is gone when they say so', async () => {
    const [ann, bob] = [await signIn('ann'), await signIn('bob')]
    await ann.put(path, { url })
    expect((await bob.get(path)).status).toBe(404)
    expect((await bob.delete(path)).status).toBe(204)
    expect((await ann.get(path)).status).toBe(200)
    expect((await ann.delete(path)).status).toBe(204)
    expect((await ann.delete(path)).status).toBe(204)
    expect((await ann.get(path)).status).toBe(404)
  })

  test.each([
    'http://hooks.example.com/',
    'https://ann:secret@hooks.example.com/',
    'https://10.0.0.8/',
    'https://[fd00::1]/',
    'https://db.internal/',
    'hooks',
  ])('[SEC-3] is not at %s', async (address) => {
    const ann = await signIn('ann')
    const { status, body } = await ann.put<Problem>(path, { url: address })
    expect([status, body.code]).toEqual([400, 'bad_request'])
    expect(await stored(ann)).toBeNull()
  })

  test('[SEC-5] leaves a line in the log with who and which host, and no secret', async () => {
    const log = vi.spyOn(console, 'info')
    const ann = await signIn('ann')
    const { body } = await ann.put<NewWebhook>(path, { url })
    await ann.delete(path)
    const lines = log.mock.calls.map(([line]) => String(line))
    const audits = lines
      .filter((line) => line.includes('webhook_changed') && line.includes(ann.user_id))
      .map((line) => JSON.parse(line) as object)
    expect(audits).toMatchObject([
      { user_id: ann.user_id, host: 'hooks.example.com' },
      { user_id: ann.user_id, host: null },
    ])
    const secrets = [body.secret, 's3cret']
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  })
})
