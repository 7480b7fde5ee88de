/** One-way messages to people: a mailbox that keeps what came until it was read (DISP-1). */
import { describe, expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import { askDatabase } from '../../src/durable/ask-database.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Notice, NoticePage, UnreadNotices } from '../../src/protocol/one-way.ts'
import { signIn, type Caller } from './http-client.ts'
import { bindings } from './support/bindings.ts'

/** What the burst lane does with a message to a person. @returns its id */
const post = async (to: Caller, by: Caller, content = 'come to line 3'): Promise<string> => {
  const notice_id = uuidv7()
  const { user_id } = to
  const notice = { notice_id, user_id, sender_id: by.user_id, content, priority: 'high' } as const
  const saved = await askDatabase(bindings, user_id, 'saveNotices', { notices: [notice] })
  if (!saved.ok || !saved.value[0]?.is_known) throw new Error(`not saved: ${JSON.stringify(saved)}`)
  return notice_id
}

const read = async (person: Caller, query = ''): Promise<NoticePage> => {
  const { status, body } = await person.get<NoticePage>(`/api/me/notices${query}`)
  expect(status).toBe(200)
  return body
}

const idsOf = ({ notices }: NoticePage): string[] => notices.map(({ notice_id }) => notice_id)

describe('[DISP-1] notices', () => {
  test('are listed newest first, with who posted them, and are unread', async () => {
    const [ann, line] = [await signIn('ann'), await signIn('line-3')]
    expect(await read(ann)).toEqual({
      notices: [],
      unread_count: 0,
      pagination: { has_more: false, next_before: null },
    })
    const ids = [await post(ann, line, 'first'), await post(ann, line, 'second ✋')]
    const page = await read(ann)
    expect(page).toMatchObject({ unread_count: 2, pagination: { has_more: false } })
    expect(idsOf(page)).toEqual(ids.toReversed())
    expect(page.notices[0]).toEqual({
      notice_id: ids[1],
      sender_id: line.user_id,
      sender_display_name: line.display_name,
      content: 'second ✋',
      priority: 'high',
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      read_at: null,
    })
  })

  test('come in pages that leave nothing out', async () => {
    const [ann, line] = [await signIn('ann'), await signIn('line-3')]
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.push(await post(ann, line))
    const seen: string[] = []
    for (let before = ''; ;) {
      const page = await read(ann, `?limit=2${before}`)
      seen.push(...idsOf(page))
      if (!page.pagination.has_more) break
      before = `&before=${page.pagination.next_before}`
    }
    expect(seen).toEqual(ids.toReversed())
  })

  test('[DISP-11] saved again it is the one that was there, and to nobody it is not saved', async () => {
    const [ann, line] = [await signIn('ann'), await signIn('line-3')]
    const notice = { notice_id: uuidv7(), sender_id: line.user_id, content: 'a' } as const
    const save = (...user_ids: string[]) =>
      askDatabase(bindings, ann.user_id, 'saveNotices', {
        notices: user_ids.map((user_id, place) => ({
          ...notice,
          ...(place > 0 ? { notice_id: uuidv7() } : {}),
          ...{ user_id, priority: 'low' as const },
        })),
      })
    const first = await save(ann.user_id, 'nobody@example.com')
    if (!first.ok) throw new Error(first.refusal.message)
    expect(first.value).toMatchObject([
      { is_known: true, sender_display_name: line.display_name, read_at: null },
      { is_known: false },
    ])
    await ann.post('/api/me/notices/read', {})
    const again = await save(ann.user_id)
    expect(again).toMatchObject({
      value: [{ created_at: first.value[0]?.created_at, read_at: expect.any(String) as string }],
    })
    expect((await read(ann)).notices).toHaveLength(1)
  })

  test('one is read once: again changes nothing', async () => {
    const [ann, line] = [await signIn('ann'), await signIn('line-3')]
    const [id] = [await post(ann, line), await post(ann, line)]
    const mark = () => ann.post<Notice>(`/api/me/notices/${id}/read`)
    const { status, body } = await mark()
    expect([status, typeof body.read_at]).toEqual([200, 'string'])
    expect((await mark()).body).toEqual(body)
    expect(await read(ann)).toMatchObject({ unread_count: 1 })
    expect(idsOf(await read(ann, '?unread=true'))).not.toContain(id)
    expect(idsOf(await read(ann, '?unread=false'))).toContain(id)
  })

  test('[SEC-2] are nobody else’s to see or to mark', async () => {
    const [ann, bob, line] = [await signIn('ann'), await signIn('bob'), await signIn('line-3')]
    const id = await post(ann, line)
    for (const other of [bob, line]) {
      expect((await read(other)).notices).toEqual([])
      const { status, body } = await other.post<Problem>(`/api/me/notices/${id}/read`)
      expect([status, body.code]).toEqual([404, 'not_found'])
      await other.post('/api/me/notices/read', { up_to: id })
    }
    expect(await read(ann)).toMatchObject({ unread_count: 1 })
  })

  test('up to one are read, and those that came after it are not, whatever their ids', async () => {
    const [ann, line] = [await signIn('ann'), await signIn('line-3')]
    const late = uuidv7()
    const ids = [await post(ann, line), await post(ann, line), await post(ann, line)]
    // Accepted before the others, and saved after they were seen.
    const notice = { notice_id: late, user_id: ann.user_id, sender_id: line.user_id }
    await askDatabase(bindings, ann.user_id, 'saveNotices', {
      notices: [{ ...notice, content: 'late', priority: 'low' }],
    })
    const marked = await ann.post<UnreadNotices>('/api/me/notices/read', { up_to: ids[1] })
    expect(marked).toMatchObject({ status: 200, body: { unread_count: 2 } })
    expect(idsOf(await read(ann, '?unread=true'))).toEqual([ids[2], late])
    const all = await ann.post<UnreadNotices>('/api/me/notices/read', {})
    expect(all).toMatchObject({ status: 200, body: { unread_count: 0 } })
  })

  test.each([
    ['before', '?before=yesterday'],
    ['unread', '?unread=maybe'],
    ['limit', '?limit=0'],
  ])('[API-7] %s is named where it cannot be', async (field, query) => {
    const ann = await signIn()
    const { status, body } = await ann.get<Problem>(`/api/me/notices${query}`)
    expect([status, body.field]).toEqual([400, field])
  })
})
