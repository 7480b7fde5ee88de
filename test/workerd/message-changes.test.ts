/** Edits, deletion, reactions and pins by frame and over REST, with an eviction in the middle. */
import { describe, expect, test } from 'vitest'
import type { Message, MessageList, SentMessage } from '../../src/protocol/message.ts'
import type { MessageHistory } from '../../src/protocol/message-change.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import { addMember, openRoom, readPage, say, signIn, type Caller } from './http-client.ts'
import { evict, type Eviction } from './support/bindings.ts'
import { join, revisionsOf } from './support/socket.ts'

const twoInARoom = async () => {
  const [ann, ben] = await Promise.all([signIn('ann'), signIn('ben')])
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { ann, ben, room_id }
}

const path = (room_id: string, message_id: string, rest = ''): string =>
  `/api/rooms/${room_id}/messages/${message_id}${rest}`

const reaction = (emoji: string): string => `/reactions/${encodeURIComponent(emoji)}`

const newest = async (reader: Caller, room_id: string): Promise<Message | undefined> =>
  (await readPage(reader, room_id)).messages[0]

describe.each<Eviction>(['none', 'hibernate'])('over the socket (eviction: %s)', (eviction) => {
  test('[MSG-7] [MSG-8] [MSG-9] [MSG-11] each is acked, heard by all in one form, and in the record', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const one = await join(ann, room_id)
    const other = await join(ben, room_id)
    const { message_id } = await say(ann, room_id, 'the belt is hot')
    await other.next('message')
    await evict(room_id, eviction)

    one.send({ type: 'edit_message', message_id, content: 'the belt is cold', ref: 'e' })
    expect(await one.next('change_ack')).toMatchObject({ ref: 'e', status: 'changed' })
    const edited = await other.next('message_edited')
    expect(edited).toMatchObject({ message_id, content: 'the belt is cold' })
    expect(await one.next('message_edited')).toEqual(edited)

    other.send({ type: 'add_reaction', message_id, emoji: '👍' })
    expect(await one.next('reaction_added')).toMatchObject({
      ...{ message_id, emoji: '👍', count: 1, user_id: ben.user_id },
    })
    other.send({ type: 'add_reaction', message_id, emoji: '👍' })
    await other.next('change_ack', (frame) => frame.status === 'unchanged')

    other.send({ type: 'pin_message', message_id })
    const { pin } = await one.next('message_pinned')
    expect(await newest(ben, room_id)).toMatchObject({
      content: 'the belt is cold',
      edited_at: edited.edited_at,
      reactions: [{ emoji: '👍', count: 1, user_ids: [ben.user_id] }],
      pin,
    })

    other.send({ type: 'remove_reaction', message_id, emoji: '👍' })
    expect(await one.next('reaction_removed')).toMatchObject({ count: 0, first_revision: null })
    other.send({ type: 'unpin_message', message_id })
    await one.next('message_unpinned')
    other.send({ type: 'delete_message', message_id, ref: 'd' })
    expect(await other.next('error')).toMatchObject({ code: 'forbidden', ref: 'd' })
    one.send({ type: 'delete_message', message_id })
    const { deleted_at } = await other.next('message_deleted')
    expect(await newest(ben, room_id)).toMatchObject({ content: '', deleted_at })
    const heard = revisionsOf(other)
    expect(heard).toEqual(heard.map((_, index) => (heard[0] ?? 0) + index))
  })
})

describe('over REST', () => {
  test('[API-8] the same rules and results as the frames, heard on the sockets', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const socket = await join(ben, room_id)
    const { message_id } = await say(ann, room_id, 'one')
    const edit = await ann.patch<Message>(path(room_id, message_id), { content: 'two' })
    expect(edit).toMatchObject({ status: 200, body: { content: 'two' } })
    await socket.next('message_edited')
    const put = await ben.put<Message>(path(room_id, message_id, reaction('❤')))
    expect(put).toMatchObject({ status: 200, body: { reactions: [{ emoji: '❤️', count: 1 }] } })
    expect((await ben.put(path(room_id, message_id, reaction('x')))).status).toBe(400)
    const pin = { event_at: '2026-11-22T17:28:00+08:00' }
    expect(await ben.put(path(room_id, message_id, '/pin'), pin)).toMatchObject({
      status: 200,
      body: { pin: { event_at: '2026-11-22T09:28:00.000Z' } },
    })
    const pins = await ben.get<MessageList>(`/api/rooms/${room_id}/pins`)
    expect(pins.body.messages.map((one) => one.message_id)).toEqual([message_id])
    const history = await ben.get<MessageHistory>(path(room_id, message_id, '/history'))
    expect(history.body.versions.map(({ content }) => content)).toEqual(['one', 'two'])

    expect((await ben.delete(path(room_id, message_id))).status).toBe(403)
    for (const rest of [reaction('❤️'), '/pin', '', ''])
      expect((await (rest === '' ? ann : ben).delete(path(room_id, message_id, rest))).status).toBe(
        204,
      )
    expect(await socket.next('message_deleted')).toMatchObject({ message_id })
    expect((await ben.get<Message>(path(room_id, message_id))).body.content).toBe('')
    const late = await ann.patch<Problem>(path(room_id, message_id), { content: 'three' })
    expect(late).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('[MSG-10] [API-8] mentions that reach nobody are told as an ack tells them', async () => {
    const { ann, ben, room_id } = await twoInARoom()
    const said = await ann.post<SentMessage>(`/api/rooms/${room_id}/messages`, {
      ...{ content: `@${ben.display_name} @Nobody`, mentions: ['stranger@example.com'] },
    })
    expect(said.body).toMatchObject({
      mentions: [ben.user_id],
      dropped_mentions: ['stranger@example.com', '@Nobody'],
    })
    const { message_id } = said.body
    const edit = { content: `@Nobody2 @${ben.display_name}` }
    const edited = await ann.patch<SentMessage>(path(room_id, message_id), edit)
    expect(edited.body).toMatchObject({
      mentions: [ben.user_id],
      dropped_mentions: ['@Nobody2'],
    })
    expect((await say(ann, room_id, 'to nobody')) as SentMessage).not.toHaveProperty(
      'dropped_mentions',
    )
  })

  test('[SEC-2] strangers read none of it', async () => {
    const { ann, room_id } = await twoInARoom()
    const { message_id } = await say(ann, room_id, 'one')
    const stranger = await signIn('stranger')
    for (const rest of ['', '/history'])
      expect((await stranger.get(path(room_id, message_id, rest))).status).toBe(403)
    expect((await stranger.get(`/api/rooms/${room_id}/pins`)).status).toBe(403)
    expect((await ann.get(path(room_id, crypto.randomUUID()))).status).toBe(404)
  })

  test('[MSG-4] readings are said and read as an object; what is none is named', async () => {
    const { ann, room_id } = await twoInARoom()
    const send = (content: unknown) =>
      ann.post<Message & Problem>(`/api/rooms/${room_id}/messages`, {
        message_type: 'incident_data',
        content,
      })
    const readings = { line: 3, temperature: 81.5, measured_at: '2026-11-22T09:32:00Z' }
    expect(await send(readings)).toMatchObject({ status: 201, body: { content: readings } })
    expect(await newest(ann, room_id)).toMatchObject({ content: readings, data: null })
    const { message_id = '' } = (await newest(ann, room_id)) ?? {}
    const history = await ann.get<MessageHistory>(path(room_id, message_id, '/history'))
    expect(history.body.versions).toMatchObject([{ content: readings }])
    for (const bad of [{}, { a: null }, { a: { b: { c: { d: { e: 1 } } } } }, 'text', { 'a.b': 1 }])
      expect(await send(bad)).toMatchObject({ status: 400, body: { field: 'content' } })
  })
})

describe.each<Eviction>(['none', 'hibernate', 'close'])(
  'coming back (eviction: %s)',
  (eviction) => {
    test('[CONN-5] [MSG-8] what was missed is replayed in the form it was told, without deleted words', async () => {
      const { ann, ben, room_id } = await twoInARoom()
      const { message_id, revision } = await say(ann, room_id, 'secret words')
      const other = await say(ann, room_id, 'kept')
      await ann.patch(path(room_id, message_id), { content: 'more secret words' })
      await ben.put(path(room_id, other.message_id, reaction('👍')))
      const before = await join(ben, room_id, { query: `?since_revision=${revision - 1}` })
      await before.next('resumed')
      expect(JSON.stringify(before.frames)).toContain('secret')
      await ann.delete(path(room_id, message_id))
      await before.next('message_deleted')
      before.close()
      await evict(room_id, eviction)
      const after = await join(ben, room_id, { query: `?since_revision=${revision - 1}` })
      await after.next('resumed', (frame) => frame.recovered)
      expect(revisionsOf(after)).toEqual(revisionsOf(before))
      expect(JSON.stringify(after.frames)).not.toContain('secret')
      expect(await after.next('reaction_added')).toEqual(
        before.frames.find((frame) => frame.type === 'reaction_added'),
      )
    })
  },
)
