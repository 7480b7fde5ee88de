/**
 * Whatever happens, in whatever order, and whoever dies in between: in the end every socket has
 * been told exactly what the database counts (INBOX-1, INBOX-2). Prints its seed.
 */
import { expect, test } from 'vitest'
import type { InboxDownFrame, InboxRoom, InboxRooms } from '../../src/protocol/inbox.ts'
import type { Message } from '../../src/protocol/message.ts'
import { chanceFrom } from '../support/chance.ts'
import { invite, openRoom, say, signIn } from './http-client.ts'
import { evict, evictInbox } from './support/bindings.ts'
import { connectInbox, type TestSocket } from './support/socket.ts'

type Counts = Pick<
  InboxRoom,
  'last_sequence' | 'read_sequence' | 'unread_count' | 'mention_count' | 'status' | 'my_role'
>

/** What a client knows that believes every frame. */
const stateOf = (frames: readonly InboxDownFrame[]): Map<string, Counts> => {
  const rooms = new Map<string, Counts>()
  const merge = (room_id: string, news: object): void => {
    const known = rooms.get(room_id)
    if (known) rooms.set(room_id, { ...known, ...news })
  }
  for (const frame of frames)
    switch (frame.type) {
      case 'inbox_welcome':
        rooms.clear()
        for (const room of frame.rooms) rooms.set(room.room_id, room)
        break
      case 'room_added':
        rooms.set(frame.room.room_id, frame.room)
        break
      case 'room_removed':
        rooms.delete(frame.room_id)
        break
      case 'room_changed':
        merge(frame.room_id, frame.changes)
        break
      case 'activity':
      case 'read': {
        const { type: _, ...news } = frame
        merge(frame.room_id, news)
        break
      }
      case 'mention': {
        const { room_id, read_sequence, unread_count, mention_count } = frame
        merge(room_id, { read_sequence, unread_count, mention_count })
        break
      }
      default:
    }
  return rooms
}

const countsOf = (rooms: Iterable<Counts & { room_id?: string }>): Counts[] =>
  [...rooms].map(
    ({ last_sequence, read_sequence, unread_count, mention_count, status, my_role }) => ({
      ...{ last_sequence, read_sequence, unread_count, mention_count, status, my_role },
    }),
  )

const sorted = (rooms: ReadonlyMap<string, Counts>): [string, Counts | undefined][] =>
  [...rooms.keys()].toSorted().map((id) => [id, countsOf([rooms.get(id) as Counts])[0]])

/** One of its own each time, and some that found something once. */
const seeds = [Math.floor(Math.random() * 2 ** 32), 42, 4, 2003150770]

test.each(seeds)(
  '[INBOX-1] [INBOX-2] after random traffic every socket agrees with the database (seed %s)',
  async (seed) => {
    const chance = chanceFrom(seed)
    const ann = await signIn('ann')
    const others = [await signIn('bob'), await signIn('eve'), await signIn('kim')]
    const everybody = [ann, ...others]
    const room_ids = [await openRoom(ann), await openRoom(ann), await openRoom(ann)].map(
      ({ room_id }) => room_id,
    )
    const members = new Map(room_ids.map((room_id) => [room_id, new Set([ann])]))
    const sockets: { socket: TestSocket<InboxDownFrame>; user_id: string }[] = []
    const connect = async (person: (typeof everybody)[number]) => {
      const socket = await connectInbox(person)
      sockets.push({ socket, user_id: person.user_id })
    }
    for (const person of everybody) await connect(person)

    const pick = <Value>(values: readonly Value[]): Value =>
      values[chance.below(values.length)] as Value
    const step = async (): Promise<void> => {
      const room_id = pick(room_ids)
      const inRoom = members.get(room_id) ?? new Set([ann])
      const speaker = pick([...inRoom])
      switch (chance.below(14)) {
        case 0: {
          const person = pick(others)
          if (inRoom.has(person)) break
          await invite(ann, room_id, { user_id: person.user_id, role: 'editor' })
          inRoom.add(person)
          break
        }
        case 1: {
          const person = pick(others)
          if (!inRoom.delete(person)) break
          await ann.delete(`/api/rooms/${room_id}/members/${encodeURIComponent(person.user_id)}`)
          break
        }
        case 2:
          await ann.patch(`/api/rooms/${room_id}`, { status: pick(['active', 'resolved']) })
          break
        case 3:
          await evict(room_id, 'hibernate')
          break
        case 4:
          await evictInbox(pick(everybody).user_id, 'hibernate')
          break
        case 5:
          await connect(pick(everybody))
          break
        case 6:
        case 7:
          await speaker.put(`/api/rooms/${room_id}/read`, { sequence_number: chance.below(30) })
          break
        case 8: {
          const { socket, user_id } = pick(sockets)
          if (![...inRoom].some((person) => person.user_id === user_id)) break
          socket.send({ type: 'read', room_id, sequence_number: chance.below(30) })
          break
        }
        case 9:
          await speaker.post(`/api/rooms/${room_id}/messages`, {
            content: 'look',
            mentions: [pick(everybody).user_id],
          })
          break
        case 10:
        case 11: {
          const { body: message } = await speaker.post<Message>(`/api/rooms/${room_id}/messages`, {
            content: 'said too soon',
            mentions: [pick(everybody).user_id],
          })
          if (chance.below(2) === 0) await say(pick([...inRoom]), room_id, 'in between')
          const path = `/api/rooms/${room_id}/messages/${message.message_id}`
          if (chance.below(2) === 0) await speaker.delete(path)
          else await speaker.patch(path, { content: `@${pick(everybody).display_name} sorry` })
          break
        }
        default:
          for (let count = chance.below(5); count >= 0; count -= 1)
            await say(speaker, room_id, 'words')
      }
    }
    for (let steps = 0; steps < 80; steps += 1) await step()

    // The last window, and whatever is read again after it.
    const deadline = Date.now() + 20_000
    for (const { socket, user_id } of sockets) {
      const person = everybody.find((one) => one.user_id === user_id) ?? ann
      for (;;) {
        const { body } = await person.get<InboxRooms>('/api/inbox')
        const truth = new Map(body.rooms.map((room) => [room.room_id, room as Counts]))
        const told = sorted(stateOf(socket.frames))
        const isSame = JSON.stringify(told) === JSON.stringify(sorted(truth))
        if (!isSame && Date.now() < deadline) {
          await new Promise((resolve) => setTimeout(resolve, 250))
          continue
        }
        expect(told).toEqual(sorted(truth))
        break
      }
    }
  },
  120_000,
)
