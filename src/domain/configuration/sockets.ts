/** The settings of sockets: who is there, and who keeps up (CONN-6, CONN-10, PRES-1). */
import type { SettingNameOf } from '../../protocol/setting-names.ts'
import { defaultRoomSettings as room } from '../room/settings.ts'
import { integer, type Setting } from './definition.ts'

export const sockets = {
  heartbeat_interval_ms: integer({
    unit: 'ms',
    min: 1_000,
    // The platform ends a connection on which nothing passed for 100 s.
    max: 90_000,
    default: room.heartbeat_interval_ms,
    help: 'How often rooms and inboxes ask their sockets whether anybody is there. Shorter finds the dead earlier; longer lets quiet rooms sleep and costs less.',
  }),
  heartbeat_timeout_ms: integer({
    unit: 'ms',
    min: 500,
    max: 60_000,
    default: room.heartbeat_timeout_ms,
    help: 'How long the answer to a heartbeat may take before the socket is closed. Raise it for people on very poor networks; below the interval.',
  }),
  presence_grace_ms: integer({
    unit: 'ms',
    min: 0,
    max: 60_000,
    default: room.presence_grace_ms,
    help: 'Who is back within this time was never away: a reload or a tunnel is no coming and going.',
  }),
  presence_detail_max_count: integer({
    unit: 'people',
    min: 0,
    // Everybody's comings and goings told to everybody grow with the square.
    max: 1_000,
    default: room.presence_detail_max_count,
    help: 'With more people online a room tells how many they are, not each coming and going.',
  }),
  lag_shed_bytes: integer({
    unit: 'bytes',
    // From here on a room asks whether a socket keeps up.
    min: room.lag_probe_bytes,
    max: 33_554_432,
    default: room.lag_shed_bytes,
    help: 'A socket that is so far behind gets no typing, presence and read marks any more, only messages.',
  }),
  lag_max_bytes: integer({
    unit: 'bytes',
    min: 524_288,
    max: 67_108_864,
    default: room.lag_max_bytes,
    help: 'A socket that is so far behind is closed; its page comes back and reads what it missed. It bounds what one slow client holds.',
  }),
} as const satisfies Readonly<Record<SettingNameOf<'sockets'>, Setting>>
