/** P4: one speaks, a thousand listen. */
import { openBareRoom } from '../bare/room.ts'
import type { OpenCrowd } from '../load/driver.ts'
import type { Measured } from '../load/tally.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { openSocketIoRoom } from '../peer/socket-io.ts'
import { inRounds } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const socketCounts = [1_000, 5_000]
const warmUpMs = 1_000
const pauseMs = 20

type Listened = { stream: Measured; single: Measured }

export async function fanOut(stage: Stage, options: Options): Promise<Table> {
  const rows: string[][] = []
  for (const sockets of socketCounts) rows.push(...(await toSockets(stage, options, sockets)))
  return {
    title: 'P4 Fan-out',
    how:
      'One sender, one socket per member. Stream: deliveries per second while the sender sends ' +
      'the next message as soon as it has its last one back. Single: milliseconds from the send ' +
      'until everybody has it, one message at a time. Limit: the bare Durable Object with the ' +
      'same frames, which commits nothing.',
    head: ['sockets', '', 'Muster', 'bare object', 'of that', 'Socket.IO + pg', 'of that'],
    rows,
  }
}

async function toSockets(stage: Stage, options: Options, sockets: number): Promise<string[][]> {
  const { driver, client } = stage
  const { port } = await stage.muster()
  const rooms = {
    muster: await openMusterRoom(driver, { port, client, sockets, batch: false }),
    bare: await openBareRoom(driver, { port: await stage.bare(), sockets }),
    socketIo: await openSocketIoRoom(driver, { port: await stage.socketIo(), client, sockets }),
  }
  const time = { senders: 1, warmUpMs, windowMs: options.seconds * 1_000 }
  const listen = async (room: Pick<OpenCrowd, 'measure'>): Promise<Listened> => ({
    stream: await room.measure({ ...time, pace: { kind: 'closed' } }),
    single: await room.measure({ ...time, pace: { kind: 'single', pauseMs } }),
  })
  const { muster, bare, socketIo } = await inRounds(options.rounds, {
    muster: () => listen(rooms.muster),
    bare: () => listen(rooms.bare),
    socketIo: () => listen(rooms.socketIo),
  })
  for (const room of Object.values(rooms)) await room.close()

  return [
    [
      ...[sockets.toLocaleString('en-US'), 'stream, deliveries/s', show(streams(muster))],
      show(streams(bare)),
      judge(ratios(streams(muster), streams(bare)), { atLeast: 0.8 }),
      show(streams(socketIo)),
      judge(ratios(streams(muster), streams(socketIo)), { atLeast: 1 }),
    ],
    [
      ...[sockets.toLocaleString('en-US'), 'single, p50 ms', show(singles(muster))],
      show(singles(bare)),
      judge(ratios(singles(muster), singles(bare)), { atMost: 1 / 0.8 }),
      show(singles(socketIo)),
      judge(ratios(singles(muster), singles(socketIo)), { atMost: 1 }),
    ],
  ]
}

const streams = (rounds: Listened[]): number[] => rounds.map(({ stream }) => stream.deliveries)

const singles = (rounds: Listened[]): number[] => rounds.map(({ single }) => single.everybody.p50)
