/** The settings of the burst lane (DISP-3, DISP-7, DISP-11). */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { defaultDispatchSettings as dispatch } from '../dispatch/settings.ts'
import { defaultRoomSettings as room } from '../room/settings.ts'
import { integer, number, type Setting } from './definition.ts'

export const bursts = {
  dispatch_buffer_max_count: integer({
    unit: 'messages',
    min: 10,
    max: 1_000_000,
    default: dispatch.buffer_max_count,
    help: 'One-way messages that one shard of the buffer holds until they are delivered; a full one refuses. Raise it for longer outages of what they are sent to.',
  }),
  dispatch_buffer_max_bytes: integer({
    unit: 'bytes',
    // Less would not hold one large message.
    min: 1_048_576,
    // An object stores 10 GB; final ones and indexes take room, too.
    max: 4_294_967_296,
    default: dispatch.buffer_max_bytes,
    help: 'Bytes of undelivered one-way messages that one shard of the buffer holds; a full one refuses.',
  }),
  dispatch_batch_max_count: integer({
    unit: 'messages',
    min: 1,
    max: 500,
    default: dispatch.batch_max_count,
    help: 'Most one-way messages that a shard hands to one destination at a time. It grows up to here by itself; lower it where bursts hold up what people say.',
  }),
  dispatch_slow_low_ratio: number({
    unit: 'ratio',
    min: 0.1,
    max: 1,
    default: dispatch.slow_low_ratio,
    help: 'Fill of a buffer from which on new messages of low priority are told to come back later.',
  }),
  dispatch_slow_normal_ratio: number({
    unit: 'ratio',
    min: 0.1,
    max: 1,
    default: dispatch.slow_normal_ratio,
    help: 'Fill of a buffer from which on those of normal priority are told to come back, too. Above it only high priority is taken.',
  }),
  dispatch_retry_min_ms: integer({
    unit: 'ms',
    min: 50,
    max: 60_000,
    default: dispatch.retry_min_ms,
    help: 'How long after its first failure a delivery is tried again; then each time twice as late.',
  }),
  dispatch_retry_max_ms: integer({
    unit: 'ms',
    min: 1_000,
    max: 3_600_000,
    default: dispatch.retry_max_ms,
    help: 'The longest pause between two tries of a delivery.',
  }),
  dispatch_attempts_max_count: integer({
    unit: 'tries',
    min: 1,
    max: 50,
    default: dispatch.attempts_max_count,
    help: 'A message that fails so often by itself is given up and listed as dead. Outages of a whole service do not count.',
  }),
  burst_batch_max_count: integer({
    unit: 'messages',
    min: 1,
    max: 500,
    default: room.burst_batch_max_count,
    help: 'One-way messages that a room writes in one transaction. Lower it where such a transaction takes so long that people wait.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'bursts'>, Setting>>
