/** The layout of the burst lane as admins see and change it (DISP-8). */
import { expect, test } from 'vitest'
import type { Problem } from '../../../src/protocol/errors.ts'
import type {
  AcceptedOneWay,
  DispatchFigures,
  DispatchLayout,
} from '../../../src/protocol/one-way.ts'
import { makeAdmin, signIn } from '../http-client.ts'

const path = '/api/admin/dispatch'

test('[DISP-8] [SEC-2] shards are shown and changed by admins, and by nobody else', async () => {
  const [ann, admin] = [await signIn('ann'), await signIn('admin')]
  await makeAdmin(admin.user_id)
  expect((await ann.get(path)).status).toBe(403)
  expect((await ann.put(path, { shards: 2 })).status).toBe(403)

  const message = { recipient: { type: 'email', id: 'a@example.com' }, content: 'words' }
  expect((await ann.post<AcceptedOneWay>('/api/messages/one-way', message)).status).toBe(202)
  const { status, body } = await admin.get<DispatchFigures>(path)
  expect(status).toBe(200)
  expect(body.layout).toMatchObject({ shards: 4, former: [] })
  expect(body.shards.map(({ shard }) => shard)).toEqual([0, 1, 2, 3])
  const accepted = body.shards.reduce((sum, { figures }) => sum + (figures?.accepted ?? 0), 0)
  expect(accepted).toBe(1)

  const changed = await admin.put<DispatchLayout>(path, { shards: 6 })
  expect(changed).toMatchObject({ status: 200, body: { epoch: body.layout.epoch + 1, shards: 6 } })
  expect(changed.body.former).toEqual([{ epoch: body.layout.epoch, shards: 4 }])
  // Everybody has to know it first.
  expect(Date.parse(changed.body.effective_at)).toBeGreaterThan(Date.now())
  expect((await ann.post('/api/messages/one-way', message)).status).toBe(202)
})

test.each([0, 257, 2.5, 'many'])('[API-7] %s is no number of shards', async (shards) => {
  const admin = await signIn('admin')
  const { status, body } = await admin.put<Problem>(path, { shards })
  expect([status, body.field]).toEqual([400, 'shards'])
})
