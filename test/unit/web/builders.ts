/** Things of the wire with every field filled in; tests name only what matters to them. */
import type { Welcome } from '../../../src/protocol/connection.ts'
import type { Member } from '../../../src/protocol/member.ts'
import type { Message, MessageFrame } from '../../../src/protocol/message.ts'
import type { Notice, OneWayTracking } from '../../../src/protocol/one-way.ts'
import type { Room, RoomDetails } from '../../../src/protocol/room.ts'

export const room_id = '01900000-0000-7000-8000-000000000001'
export const at = '2026-11-22T01:00:00.000Z'

export const aRoom = (overrides: Partial<RoomDetails> = {}): RoomDetails => ({
  room_id,
  title: 'Line 3 stopped',
  incident_type: 'equipment_failure',
  severity: 'high',
  status: 'active',
  location: 'Fab 12',
  description: '',
  lots: [],
  created_at: at,
  updated_at: at,
  last_sequence: 0,
  last_revision: 1,
  ...overrides,
})

/** A room as its card has it. */
export const aCard = (overrides: Partial<Room> = {}): Room => ({
  ...aRoom(),
  my_role: 'editor',
  member_count: 2,
  read_sequence: 0,
  unread_count: 0,
  mention_count: 0,
  last_activity_at: at,
  last_message: null,
  ...overrides,
})

export const aMember = (overrides: Partial<Member> = {}): Member => ({
  user_id: 'bob@muster.test',
  display_name: 'Bob',
  role: 'editor',
  is_admin: false,
  joined_at: at,
  ...overrides,
})

/** Message number n of a room whose first revision was its creation. */
export const aMessage = (n: number, overrides: Partial<Message> = {}): Message => ({
  message_id: `message-${n}`,
  room_id,
  sender_id: 'bob@muster.test',
  sender_display_name: 'Bob',
  client_message_id: `client-${n}`,
  content: `text ${n}`,
  data: null,
  message_type: 'text',
  mentions: [],
  file_id: null,
  file_url: null,
  file: null,
  reply_to: null,
  created_at: at,
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  pin: null,
  sequence_number: n,
  revision: n + 1,
  changed_revision: overrides.revision ?? n + 1,
  reactions: [],
  ...overrides,
})

export const messages = (from: number, to: number): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index))

export const aMessageFrame = (message: Message): MessageFrame => ({
  type: 'message',
  revision: message.revision,
  message,
})

export const aWelcome = (overrides: Partial<Welcome> = {}): Welcome => ({
  type: 'welcome',
  protocol_version: 1,
  connection_id: 'connection-1',
  room: aRoom(),
  role: 'editor',
  last_sequence: 0,
  last_revision: 1,
  online: [],
  online_count: 0,
  server_time: at,
  ...overrides,
})

export const aNotice = (overrides: Partial<Notice> = {}): Notice => ({
  notice_id: '01900000-0000-7000-8000-0000000000a1',
  sender_id: 'press-line@muster.test',
  sender_display_name: 'Press line',
  content: 'Mould 4 is due',
  priority: 'normal',
  created_at: at,
  read_at: null,
  ...overrides,
})

/** One-way message number n. */
export const aTracking = (n: number, overrides: Partial<OneWayTracking> = {}): OneWayTracking => ({
  tracking_id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  recipient: { type: 'room', id: room_id },
  priority: 'normal',
  status: 'accepted',
  idempotency_key: null,
  attempts: 0,
  accepted_at: at,
  validated_at: null,
  finished_at: null,
  next_attempt_at: null,
  reason: null,
  message: null,
  provider_id: null,
  ...overrides,
})
