/**
 * The schemas of the wire by the names that the OpenAPI document gives them, each with an example
 * that a test holds against its schema.
 */
import { DatabaseFigures } from '../protocol/database-figures.ts'
import { Problem } from '../protocol/errors.ts'
import { UploadedFile } from '../protocol/file.ts'
import { Health, Readiness } from '../protocol/health.ts'
import {
  AddMember,
  ChangeMember,
  DevLogin,
  Member,
  MemberList,
  Session,
  TransferOwnership,
  User,
  UserList,
} from '../protocol/member.ts'
import { EditBody, MessageHistory, PinBody } from '../protocol/message-change.ts'
import { Message, MessageList, MessagePage, NewMessage, SentMessage } from '../protocol/message.ts'
import {
  ChangeNotifications,
  ChangeRoomNotifications,
  NotificationSettings,
  RoomNotifications,
} from '../protocol/notification.ts'
import {
  AcceptedBatch,
  AcceptedOneWay,
  ChangeDispatch,
  ChangeWebhook,
  DispatchFigures,
  DispatchLayout,
  NewWebhook,
  Notice,
  NoticePage,
  OneWayMessage,
  OneWayPage,
  OneWayTracking,
  ReadNotices,
  UnreadNotices,
  Webhook,
} from '../protocol/one-way.ts'
import { PushKey, PushSubscription, PushUnsubscription } from '../protocol/push.ts'
import { MentionPage, SearchPage } from '../protocol/search.ts'
import { Verification } from '../protocol/proof.ts'
import { InboxRooms } from '../protocol/inbox.ts'
import { MarkRead, MemberMarkList, ReadMark } from '../protocol/read-mark.ts'
import { ChangeUser, MyLimits, UserTier } from '../protocol/rate-limit.ts'
import { CreateRoom, Room, RoomList, UpdateRoom } from '../protocol/room.ts'
import { cast } from './documented-cast.ts'
import { configurationComponents } from './openapi-configuration.ts'
import { operationsComponents } from './openapi-operations.ts'

const { room_id } = cast
const user = { user_id: cast.mei, display_name: '陳美', is_admin: false }
const member = {
  ...user,
  role: 'owner',
  joined_at: '2026-11-22T09:30:00.000Z',
}
const newRoom = {
  title: 'Press 4 stopped',
  incident_type: 'equipment_failure',
  severity: 'high',
  location: 'Hall B',
  description: 'No pressure since the shift began.',
  lots: ['A12-77'],
}
const room = {
  room_id,
  ...newRoom,
  status: 'active',
  created_at: '2026-11-22T09:30:00.000Z',
  updated_at: '2026-11-22T09:30:00.000Z',
  last_sequence: 1,
  last_revision: 2,
  my_role: 'owner',
  member_count: 1,
  last_activity_at: '2026-11-22T09:32:42.123Z',
  read_sequence: 0,
  unread_count: 1,
  mention_count: 0,
  last_message: {
    sender_id: 'mei@example.com',
    sender_display_name: '陳美',
    message_type: 'text',
    preview: 'Pressure is back at 4.1 bar 👍',
  },
}
const newMessage = {
  content: 'Pressure is back at 4.1 bar 👍',
  client_message_id: cast.client_message_id,
  mentions: [],
}
const message = {
  message_id: cast.message_id,
  room_id,
  sender_id: 'mei@example.com',
  sender_display_name: '陳美',
  client_message_id: newMessage.client_message_id,
  content: newMessage.content,
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
  deleted_by: null,
  pin: null,
  sequence_number: 1,
  revision: 2,
  changed_revision: 2,
  reactions: [],
}
const uploadedFile = {
  file_id: '0198d7f3-0d4e-7b62-9a77-5e0c1b2d3f48',
  file_url: '/api/files/0198d7f3-0d4e-7b62-9a77-5e0c1b2d3f48',
  name: '壓力表.jpg',
  size: 2_483_112,
  content_type: 'image/jpeg',
  width: 3024,
  height: 4032,
}
const notifications = {
  level: 'mentions',
  quiet_hours: { start: '22:00', end: '07:00', time_zone: 'Asia/Taipei' },
}
/** Keys of RFC 8291, appendix A. */
const subscription = {
  endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABnB',
  keys: {
    p256dh:
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
}
const pool = {
  ...{ min: 20, max: 50, open: 20, in_use: 1, idle: 19, waiting: 0, overflow: 0, opened: 20 },
  ...{ recycled: 0, broken: 0, waits: 0, timeouts: 0, rejected: 0, peak_in_use: 12 },
}
const { tracking_id } = cast
const tracking = {
  tracking_id,
  recipient: { type: 'room', id: room_id },
  priority: 'high',
  status: 'committed',
  idempotency_key: cast.client_message_id,
  attempts: 1,
  accepted_at: '2026-11-22T09:32:42.123Z',
  validated_at: '2026-11-22T09:32:42.140Z',
  finished_at: '2026-11-22T09:32:42.171Z',
  next_attempt_at: null,
  reason: null,
  message: { message_id: tracking_id, room_id, sequence_number: 1, revision: 2 },
  provider_id: null,
}
const notice = {
  notice_id: cast.notice_id,
  sender_id: cast.lin,
  sender_display_name: 'Lin',
  content: 'Chiller 3 is back at 4.1 °C',
  priority: 'high',
  created_at: '2026-11-22T09:35:10.456Z',
  read_at: null,
}
const webhook = {
  url: 'https://hooks.example.com/one-way',
  created_at: '2026-11-22T09:30:00.000Z',
}
const buffer = {
  ...{ shard: 0, count: 412, bytes: 98_304, max_count: 100_000, max_bytes: 268_435_456 },
  fill: 0.00412,
  waiting: { high: 2, normal: 400, low: 10 },
  oldest_ms: { high: 4, normal: 180, low: 950 },
  ...{ accepted: 10_412, slowed: 0, refused: 0, committed: 10_000, delivered: 0 },
  ...{ rejected: 0, dead: 0 },
}
const layout = {
  epoch: 2,
  shards: 8,
  effective_at: '2026-11-22T09:30:12.000Z',
  former: [{ epoch: 1, shards: 4 }],
}
const statement = { count: 1_200, failed: 0, slow: 1, total_ms: 2_160, mean_ms: 1.8, max_ms: 612.4 }

export const components = {
  ...operationsComponents,
  AcceptedBatch: {
    schema: AcceptedBatch,
    example: {
      accepted: 1,
      rejected: 1,
      tracking_ids: [tracking_id, null],
      refused: [{ line: 2, code: 'bad_request', message: 'recipient.type: Invalid option' }],
    },
    more: {
      slowed: {
        accepted: 1,
        rejected: 1,
        tracking_ids: [tracking_id, null],
        refused: [{ line: 2, code: 'rate_limited', message: 'the buffer is nearly full' }],
        retry_after_ms: 2_000,
      },
    },
  },
  AcceptedOneWay: {
    schema: AcceptedOneWay,
    example: {
      tracking_id,
      status: 'accepted',
      status_url: `/api/messages/one-way/${tracking_id}`,
    },
  },
  AddMember: { schema: AddMember, example: { user_id: 'lin@example.com', role: 'editor' } },
  ChangeDispatch: { schema: ChangeDispatch, example: { shards: 8 } },
  ChangeMember: { schema: ChangeMember, example: { role: 'viewer' } },
  ChangeNotifications: {
    schema: ChangeNotifications,
    example: notifications,
    more: { 'at any hour': { level: 'all', quiet_hours: null } },
  },
  ChangeUser: { schema: ChangeUser, example: { tier: 'enterprise' } },
  ChangeRoomNotifications: { schema: ChangeRoomNotifications, example: { level: 'all' } },
  ChangeWebhook: { schema: ChangeWebhook, example: { url: webhook.url } },
  ...configurationComponents,
  CreateRoom: { schema: CreateRoom, example: newRoom },
  DatabaseFigures: {
    schema: DatabaseFigures,
    example: {
      slow_ms: 500,
      shards: [
        {
          shard: 0,
          answers: true,
          primary: pool,
          replica: { pool, is_resting: false, answered: 310, behind: 4, failed: 0, skipped: 0 },
          profiles: { cached: 42, max: 5_000, hits: 910, misses: 60 },
        },
      ],
      statements: [{ statement: 'commit-room', database: 'primary', ...statement }],
    },
  },
  DevLogin: { schema: DevLogin, example: { user_id: 'mei@example.com', display_name: '陳美' } },
  DispatchFigures: {
    schema: DispatchFigures,
    example: { layout, shards: [{ shard: 0, figures: buffer }] },
  },
  DispatchLayout: { schema: DispatchLayout, example: layout },
  EditBody: { schema: EditBody, example: { content: 'Pressure is back at 4.2 bar 👍' } },
  Health: { schema: Health, example: { status: 'ok' } },
  InboxRooms: {
    schema: InboxRooms,
    example: {
      rooms: [
        {
          room_id,
          title: room.title,
          status: 'active',
          severity: 'high',
          my_role: 'owner',
          last_sequence: 1,
          read_sequence: 0,
          unread_count: 1,
          mention_count: 0,
          last_activity_at: room.last_activity_at,
          last_message: room.last_message,
        },
      ],
    },
  },
  MarkRead: { schema: MarkRead, example: { sequence_number: 1 } },
  Member: { schema: Member, example: member },
  MemberMarkList: {
    schema: MemberMarkList,
    example: { read_marks: [{ user_id: cast.mei, read_sequence: 1 }] },
  },
  MemberList: { schema: MemberList, example: { members: [member] } },
  Message: { schema: Message, example: message },
  MessageHistory: {
    schema: MessageHistory,
    example: {
      versions: [
        { content: newMessage.content, at: message.created_at, revision: 2 },
        {
          content: 'Pressure is back at 4.2 bar 👍',
          at: '2026-11-22T09:33:10.000Z',
          revision: 3,
        },
      ],
    },
  },
  MessageList: { schema: MessageList, example: { messages: [message] } },
  MentionPage: {
    schema: MentionPage,
    example: {
      messages: [{ ...message, unread: true, room_title: newRoom.title }],
      pagination: { has_more: false, next_cursor: null },
    },
  },
  MessagePage: {
    schema: MessagePage,
    example: {
      messages: [message],
      pagination: { has_more: false, next_before: null, next_before_sequence: null },
    },
  },
  SentMessage: {
    schema: SentMessage,
    example: { ...message, dropped_mentions: ['@Nobody'] },
    more: { whole: message },
  },
  NewMessage: {
    schema: NewMessage,
    example: newMessage,
    more: {
      image: {
        message_type: 'image_ref',
        content: 'The seal, from below',
        file_id: cast.image_id,
      },
      file: { message_type: 'file_ref', file_id: cast.file_id },
      readings: {
        message_type: 'incident_data',
        content: { temperature: 81.5, line: 3, valve: { open: false } },
      },
    },
  },
  NewWebhook: {
    schema: NewWebhook,
    example: { ...webhook, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=' },
  },
  MyLimits: {
    schema: MyLimits,
    example: { tier: 'basic', limit: 15_000, remaining: 14_988, reset: 60 },
  },
  Notice: { schema: Notice, example: notice },
  NoticePage: {
    schema: NoticePage,
    example: {
      notices: [notice],
      unread_count: 1,
      pagination: { has_more: false, next_before: null },
    },
  },
  NotificationSettings: {
    schema: NotificationSettings,
    example: { ...notifications, rooms: [{ room_id, level: 'all' }] },
  },
  OneWayMessage: {
    schema: OneWayMessage,
    example: {
      recipient: { type: 'room', id: room_id },
      content: 'Chiller 3 is back at 4.1 °C',
      priority: 'high',
      idempotency_key: cast.client_message_id,
    },
    more: {
      readings: {
        recipient: { type: 'room', id: room_id },
        message_type: 'incident_data',
        content: { chiller: 3, temperature: 4.1 },
      },
      person: { recipient: { type: 'user', id: cast.lin }, content: 'Please look at chiller 3' },
      email: {
        recipient: { type: 'email', id: 'quality@example.com' },
        subject: 'Chiller 3',
        content: 'Back at 4.1 °C',
        priority: 'low',
      },
      whatsapp: { recipient: { type: 'whatsapp', id: '+886912345678' }, content: 'Back at 4.1 °C' },
    },
  },
  OneWayPage: {
    schema: OneWayPage,
    example: { messages: [tracking], pagination: { has_more: false, next_before: null } },
  },
  OneWayTracking: {
    schema: OneWayTracking,
    example: tracking,
    more: {
      rejected: {
        ...tracking,
        status: 'rejected',
        reason: { code: 'forbidden', message: 'you may not write in this room' },
        message: null,
      },
    },
  },
  PinBody: { schema: PinBody, example: { event_at: '2026-11-22T09:28:00+08:00' } },
  Problem: {
    schema: Problem,
    example: {
      type: 'urn:muster:problem:bad_request',
      title: 'bad request',
      status: 400,
      code: 'bad_request',
      detail: 'limit: must be at most 200',
      field: 'limit',
      request_id: '3f0c7a52-14f5-4c7e-9a0e-5c3f7b1e8d21',
    },
  },
  PushKey: { schema: PushKey, example: { public_key: subscription.keys.p256dh } },
  PushSubscription: {
    schema: PushSubscription,
    example: { ...subscription, expiration_time: null, user_agent: 'Firefox 150 on Android' },
  },
  PushUnsubscription: {
    schema: PushUnsubscription,
    example: { endpoint: subscription.endpoint },
  },
  Readiness: {
    schema: Readiness,
    example: {
      status: 'ready',
      reasons: [],
      database: 'reachable',
      pool: { total: pool, shards: [{ shard: 0, pool }] },
      circuits: [
        {
          service: 'email',
          state: 'open',
          since: '2026-11-22T09:32:42.123Z',
          next_trial_at: '2026-11-22T09:33:12.123Z',
          failed: 5,
          sent: 118,
        },
      ],
      buffers: [{ shard: 0, figures: buffer }],
      degradation: { level: 0, paused: [] },
    },
  },
  ReadNotices: {
    schema: ReadNotices,
    example: { up_to: cast.notice_id },
    more: { all: {} },
  },
  ReadMark: {
    schema: ReadMark,
    example: { room_id, read_sequence: 1, unread_count: 0, mention_count: 0 },
  },
  Room: { schema: Room, example: room },
  RoomNotifications: { schema: RoomNotifications, example: { room_id, level: 'all' } },
  RoomList: { schema: RoomList, example: { rooms: [room] } },
  SearchPage: {
    schema: SearchPage,
    example: {
      results: [
        {
          message,
          room_title: newRoom.title,
          highlights: [{ start: 0, end: 8 }],
          matched_in: ['content'],
        },
      ],
      pagination: { has_more: false, next_cursor: null },
    },
  },
  Session: {
    schema: Session,
    example: { token: cast.token, expires_at: '2026-11-22T21:30:00.000Z', user },
  },
  TransferOwnership: { schema: TransferOwnership, example: { user_id: 'lin@example.com' } },
  UnreadNotices: { schema: UnreadNotices, example: { unread_count: 0 } },
  UpdateRoom: { schema: UpdateRoom, example: { status: 'resolved' } },
  UploadedFile: { schema: UploadedFile, example: uploadedFile },
  User: { schema: User, example: user },
  UserTier: { schema: UserTier, example: { user_id: cast.lin, tier: 'enterprise' } },
  UserList: { schema: UserList, example: { people: [user] } },
  Webhook: { schema: Webhook, example: webhook },
  Verification: {
    schema: Verification,
    example: {
      ok: false,
      messages: 12,
      revisions: 17,
      first_problem: {
        kind: 'message_altered',
        message: 'the message is not as its revisions say',
        revision: 15,
        sequence_number: 13,
        message_id: message.message_id,
        field: 'content',
      },
      head: {
        revision: 17,
        hash: '6f1e0c4f0d8d3c0b7c1d2e6a9b6a4f4c5a3f0e1d2c3b4a5968778695a4b3c2d1',
      },
      checked: { checkpoints: 2, foreign_checkpoints: 0, receipts: 0 },
      receipt: null,
    },
  },
} as const

type Component = { readonly example: unknown; readonly more?: Readonly<Record<string, unknown>> }

/** All examples of a component, by name. */
export const examplesOf = ({
  example,
  more = {},
}: Component): Readonly<Record<string, unknown>> => ({
  example,
  ...more,
})
