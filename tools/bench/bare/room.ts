/** A room of the bare Durable Object. Its clients send what Muster's clients would receive. */
import type { Dialect } from '../load/dialect.ts'
import type { Driver, OpenCrowd } from '../load/driver.ts'

/** A frame as long as one of Muster's with the same message, so that the same bytes are sent. */
const frame = {
  type: 'message',
  revision: 10_001,
  message: {
    message_id: '019ab000-0000-7000-8000-000000000000',
    room_id: '019ab000-0000-7000-8000-000000000001',
    sender_id: 'bench-0001@example.com',
    sender_display_name: 'Bench 0001',
    client_message_id: '$id',
    content: '$content',
    data: null,
    message_type: 'text',
    mentions: [],
    file_id: null,
    file_url: null,
    file: null,
    reply_to: null,
    created_at: '2026-11-22T09:32:42.123Z',
    edited_at: null,
    deleted_at: null,
    sequence_number: 10_000,
    revision: 10_001,
    reactions: [],
  },
}

const bareDialect: Dialect = { message: JSON.stringify(frame), ping: 'ping', pong: 'pong' }

let rooms = 0

/** @param options.batch so many messages are sent on as one; 1 when absent */
export function openBareRoom(
  driver: Driver,
  options: { port: number; sockets: number; batch?: number },
): Promise<OpenCrowd> {
  rooms += 1
  const path = `/room-${rooms}?batch=${options.batch ?? 1}`
  return driver.open({
    port: options.port,
    dialect: bareDialect,
    seats: Array.from({ length: options.sockets }, () => ({ path, headers: {} })),
  })
}
