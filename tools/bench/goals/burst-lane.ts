/** P2: many messages into one room at once, by the burst lane and in group mode. */
import { Client } from 'pg'
import type { Heard } from '../load/orders.ts'
import { createRoom } from '../muster/members.ts'
import { batchPost } from '../muster/one-way.ts'
import { openMusterRoom } from '../muster/room.ts'
import type { Options } from '../options.ts'
import { inRounds } from '../rounds.ts'
import { BareInsert } from '../sql/bare-insert.ts'
import { CommitCaller } from '../sql/commit-caller.ts'
import { repeat } from '../sql/repeat.ts'
import type { Stage } from '../stage.ts'
import { judge, ratios, show } from '../statistics.ts'
import type { Table } from '../table.ts'

const members = 50
const messages = 10_000
const perCall = 500
/** As many as a room commits in one call. */
const perGroup = 50
const warmUpMs = 700

export async function burstLane(stage: Stage, options: Options): Promise<Table> {
  const { client, driver } = stage
  const near = await stage.muster()
  const grouping = await stage.startMuster({ vars: { COMMIT_MODE: 'group' } })
  const open = (port: number) =>
    openMusterRoom(driver, { port, client, sockets: members, batch: true })
  const lane = await open(near.port)
  const group = await open(grouping.port)
  const straight = new Client({ connectionString: stage.postgres.url })
  await straight.connect()
  const caller = new CommitCaller(straight, await createRoom(client, members))
  const bare = new BareInsert(straight, await createRoom(client, members))
  const window = { warmUpMs, windowMs: options.seconds * 1_000 }
  const repeated = async (count: number, work: (count: number) => Promise<void>) =>
    (await repeat(() => work(count), window)).perSecond * count

  // The first burst wakes what sleeps, and is not counted.
  await lane.hear(await batchPost(near.port, lane.room, 500))
  const heard: Heard[] = []
  const { rates, groups, procedure, smaller, insert } = await inRounds(options.rounds, {
    rates: async () => {
      const one = await lane.hear(await batchPost(near.port, lane.room, messages))
      heard.push(one)
      return (messages * 1_000) / one.everybodyMs
    },
    procedure: () => repeated(perCall, (count) => caller.burst(count)),
    insert: () => repeated(perCall, (count) => bare.insert(count)),
    groups: async () => {
      const pace = { kind: 'closed' } as const
      return (await group.measure({ senders: perGroup, pace, ...window })).rate
    },
    smaller: () => repeated(perGroup, (count) => caller.burst(count)),
  })
  await straight.end()
  await lane.close()
  await group.close()

  return {
    title: 'P2 Hot room, burst lane and group mode',
    how:
      `Burst lane: ${messages.toLocaleString('en-US')} messages in one POST; messages per second ` +
      `from its first byte until every one of ${members} members (\`?batch=1\`) has all of them, ` +
      'each seen to be numbered without a gap and stored. Group mode: messages per second that ' +
      `everybody received, ${perGroup} senders, each sending the next when it has its last one ` +
      'back. Limits: `commit_burst` straight from Node, as many per call as the lane or the room ' +
      'takes at most; one insert of messages and one of revisions with nothing else.',
    head: [
      '',
      'Muster',
      'accepted after, ms',
      'all have it after, ms',
      '`commit_burst`',
      'of that',
      'bare insert',
    ],
    rows: [
      [
        'burst lane',
        show(rates),
        show(heard.map(({ posted }) => posted.elapsedMs)),
        judge(
          heard.map(({ everybodyMs }) => everybodyMs),
          { atMost: 1_000 },
        ),
        show(procedure),
        judge(ratios(rates, procedure), { atLeast: 0.5 }),
        show(insert),
      ],
      [
        'group mode',
        show(groups),
        '',
        '',
        show(smaller),
        judge(ratios(groups, smaller), { atLeast: 0.5 }),
        '',
      ],
    ],
  }
}
