/** The settings of rooms: how they write, and what they keep in memory. */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { defaultRoomSettings as room } from '../room/settings.ts'
import { choice, integer, number, type Setting } from './definition.ts'

export const rooms = {
  commit_mode: choice({
    choices: ['each', 'group'],
    default: 'each',
    help: 'Whether each message commits by itself, or what waits together shares one transaction. "group" carries more in a very busy room; one bad item then makes its call slower.',
  }),
  commit_batch_max_count: integer({
    unit: 'messages',
    min: 1,
    max: 500,
    default: room.commit_batch_max_count,
    help: 'Messages of one commit call of a room. More carry a busy room further, and each waits for the slowest of its call.',
  }),
  commit_batch_max_bytes: integer({
    unit: 'bytes',
    min: 16_384,
    max: 8_388_608,
    default: room.commit_batch_max_bytes,
    help: 'Text of one commit call of a room, so that many long messages do not make one enormous call.',
  }),
  gather_ms: integer({
    unit: 'ms',
    min: 0,
    max: 100,
    default: room.gather_ms,
    help: 'How long a call of a busy room waits for those who were in the call before. Longer makes fewer, fuller calls and answers later.',
  }),
  pending_max_count: integer({
    unit: 'messages',
    min: 10,
    max: 200_000,
    default: room.pending_max_count,
    help: 'Messages that may wait in one room to be committed; beyond it senders are told to come back. Raise it for larger bursts of people.',
  }),
  pending_max_bytes: integer({
    unit: 'bytes',
    // The largest message with all that goes with it.
    min: 262_144,
    // A room lives in 128 MiB.
    max: 67_108_864,
    default: room.pending_max_bytes,
    help: 'Text that may wait in one room to be committed; beyond it senders are told to come back. A room has 128 MiB in all.',
  }),
  commit_wait_max_ms: integer({
    unit: 'ms',
    min: 500,
    max: 60_000,
    default: room.commit_wait_max_ms,
    help: 'How long a message waits for a database that is away before its sender is told. The page then tries again by itself.',
  }),
  edit_window_minutes: number({
    unit: 'min',
    min: 0,
    // An edit window without an end would make the record a draft.
    max: 1_440,
    default: room.edit_window_ms / 60_000,
    help: 'How long after it was said its sender may edit a message; 0: never. Edits stay in the record in any case.',
  }),
  resume_max_changes: integer({
    unit: 'changes',
    min: 10,
    max: 10_000,
    default: room.resume_max_changes,
    help: 'The widest gap that a reconnecting page is brought up to date over change by change; beyond it it gets a snapshot.',
  }),
  recent_max_count: integer({
    unit: 'changes',
    min: 10,
    max: 20_000,
    default: room.recent_max_count,
    help: 'Changes that a room keeps in memory, so that a crowd that reconnects does not read the database.',
  }),
  recent_max_bytes: integer({
    unit: 'bytes',
    min: 65_536,
    max: 16_777_216,
    default: room.recent_max_bytes,
    help: 'Memory of a room for the changes it keeps for those who reconnect. For a moment it may hold twice as much.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'rooms'>, Setting>>
