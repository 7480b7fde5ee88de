/** How each frame of the inbox is brought about that answers no frame up. */
import { cast } from '../../../src/http/documented-cast.ts'
import type { Scene } from './socket-particulars.ts'

const { mei, lin } = cast
const room = `/api/rooms/${cast.room_id}`

/** Mei hears of what somebody does once she is greeted. */
const meiHearsOf =
  (who: 'mei' | 'lin', method: string, path: string, body: unknown): Scene =>
  async ({ world, join }) => {
    const socket = await join('mei')
    await socket.next(['inbox_welcome'])
    await world.prepare(who, method, path, body)
    return socket
  }

const question = { content: 'Who has the seal?' }
const another = { title: 'Press 5', incident_type: 'other', severity: 'low' }

export const inboxScenes: Readonly<Record<string, Scene>> = {
  'inbox.inbox_welcome': ({ join }) => join('mei'),
  'inbox.activity': meiHearsOf('lin', 'POST', `${room}/messages`, question),
  'inbox.mention': meiHearsOf('lin', 'POST', `${room}/messages`, { ...question, mentions: [mei] }),
  'inbox.room_added': meiHearsOf('mei', 'POST', '/api/rooms', another),
  'inbox.room_changed': meiHearsOf('mei', 'PATCH', room, { status: 'resolved' }),
  'inbox.room_removed': async ({ world, join }) => {
    const socket = await join('lin')
    await socket.next(['inbox_welcome'])
    await world.prepare('mei', 'DELETE', `${room}/members/${lin}`)
    return socket
  },
  'inbox.notice': meiHearsOf('lin', 'POST', '/api/messages/one-way', {
    recipient: { type: 'user', id: mei },
    content: 'Chiller 3 is back at 4.1 °C',
  }),
  /** About a second after it is in its room. */
  'inbox.one_way': meiHearsOf('mei', 'POST', '/api/messages/one-way', {
    recipient: { type: 'room', id: cast.room_id },
    content: 'Line 3 runs at 92 %',
  }),
  /** By the heartbeat, after 30 s. */
  'inbox.ping': ({ join }) => join('mei'),
}
