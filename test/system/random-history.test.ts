/**
 * Twenty people say, edit, delete, react and pin at random while sockets are cut and the Worker is
 * killed. In the end what each was told, in whatever pieces, is the room as it is, and the record
 * proves itself.
 *
 *   CHANGES=100000 TEST_SEED=7 npx vitest run --project system test/system/random-history.test.ts
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { applyMessageChange } from '../../web/src/sync/message-changes.ts'
import type { ChangeFrame } from '../../src/domain/room/wanted.ts'
import type { Message, MessagePage } from '../../src/protocol/message.ts'
import { chanceOf, type Chance } from '../support/chance.ts'
import type { RoomClient } from '../support/client.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'

const changesWanted = Number(process.env['CHANGES'] ?? 10_000)
const peopleCount = 20
const unansweredMax = 10
const changes = [
  ...['edit_message', 'delete_message', 'add_reaction', 'remove_reaction'],
  ...['pin_message', 'unpin_message'],
]
const timeoutMs = 60_000 + changesWanted * 20

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

test(
  `[CONN-5] [MSG-7] [MSG-8] [MSG-9] [MSG-11] [API-9] ${changesWanted} random changes by ${peopleCount} people, cut and killed: all agree with the record, and it verifies`,
  async () => {
    const chance = chanceOf('random-history')
    const gathering = await Gathering.open({ ...deployment, people: peopleCount, chance })
    const said: string[] = []
    const outcomes = new Map<string, number>()
    const note = (what: string) => outcomes.set(what, (outcomes.get(what) ?? 0) + 1)
    const act = async (client: RoomClient, mood: Chance) => {
      const mine: string[] = []
      const say = async (content: string) => {
        const { message_id } = await client.say(content)
        said.push(message_id)
        mine.push(message_id)
      }
      for (let count = 0; count < changesWanted / peopleCount; count += 1) {
        while (client.unanswered >= unansweredMax) await pause(5)
        const frame = mood.next() < 0.4 ? undefined : randomChange(mood, { said, mine })
        if (frame) void client.change(frame).then((outcome) => note(`${frame.type} ${outcome}`))
        else void say(`words ${count} 批號 A12-77`)
        if (mood.next() < 0.01) client.drop()
      }
    }
    const acting = gathering.clients.map((client, index) =>
      act(client, chance.fork(`act ${index}`)),
    )
    for (let kills = 0; kills < 2; kills += 1) {
      await pause(1_000)
      await deployment.restartWorker()
    }
    await Promise.all(acting)
    expect(await gathering.quiet(60_000)).toBe(true)
    console.log('outcomes:', Object.fromEntries(outcomes))

    const [reader] = gathering.people
    const fresh = await readAll(gathering.room_id, reader?.token ?? '')
    expect(fresh.length).toBeGreaterThan(changesWanted / 4)
    for (const client of gathering.clients) {
      const known = toldTo(client)
      expect(known.revisions).toEqual(known.revisions.map((_, index) => index + 1))
      expect(known.messages).toEqual(fresh)
    }
    for (const kind of changes) expect(outcomes.get(`${kind} changed`)).toBeGreaterThan(10)
    await gathering.close()

    const proof = await get(`/api/rooms/${gathering.room_id}/verify`, reader?.token ?? '')
    expect(proof).toMatchObject({ ok: true, messages: fresh.length })
  },
  timeoutMs,
)

type Known = { readonly said: readonly string[]; readonly mine: readonly string[] }

/** Mostly of what was said last; undefined as long as nothing was. */
function randomChange(mood: Chance, { said, mine }: Known): ChangeFrame | undefined {
  const last = (ids: readonly string[]) =>
    ids.at(-1 - mood.below(mood.next() < 0.8 ? 4 : ids.length + 1))
  const any = last(said)
  // Every tenth time somebody reaches for what is not theirs.
  const own = mood.next() < 0.9 ? last(mine) : any
  if (any === undefined || own === undefined) return undefined
  const emoji = ['👍', '🎉'][mood.below(2)] ?? '👍'
  const frames: readonly ChangeFrame[] = [
    { type: 'edit_message', message_id: own, content: `other words ${mood.below(1_000)}` },
    { type: 'edit_message', message_id: own, content: `other words ${mood.below(1_000)}` },
    { type: 'add_reaction', message_id: any, emoji },
    { type: 'add_reaction', message_id: any, emoji },
    { type: 'remove_reaction', message_id: any, emoji },
    { type: 'pin_message', message_id: any },
    { type: 'unpin_message', message_id: any },
    { type: 'delete_message', message_id: own },
  ]
  return frames[mood.below(frames.length)]
}

/** What a client makes of all it was told, from the first revision on. */
function toldTo({ history }: RoomClient): { revisions: number[]; messages: Message[] } {
  const messages = new Map<string, Message>()
  const revisions: number[] = []
  for (const event of history.events) {
    if (event.type !== 'received') continue
    const { frame } = event
    if (!('revision' in frame) || frame.type === 'ack' || frame.type === 'snapshot') continue
    revisions.push(frame.revision)
    if (frame.type === 'message') messages.set(frame.message.message_id, frame.message)
    else if (frame.type !== 'system') {
      const message = messages.get(frame.message_id)
      if (message) messages.set(frame.message_id, applyMessageChange(message, frame))
    }
  }
  return { revisions, messages: [...messages.values()] }
}

async function readAll(room_id: string, token: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let after = 0; ; after = messages.at(-1)?.sequence_number ?? 0) {
    const path = `/api/rooms/${room_id}/messages?limit=200&after_sequence=${after}`
    const page = (await get(path, token)) as MessagePage
    messages.push(...page.messages.toReversed())
    if (!page.pagination.has_more) return messages
  }
}

async function get(path: string, token: string): Promise<unknown> {
  const response = await fetch(`${deployment.url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(response.status).toBe(200)
  return response.json()
}
