/**
 * The outside services go away under a burst and come back: rooms do not notice, and what was
 * accepted goes out by itself, each message once (DISP-9, DISP-10, DISP-11, LIM-3).
 *
 *   OUTAGE_SECONDS=60 npx vitest run --project system test/system/outside.test.ts
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { emailVars, OutsideServices, whatsappVars } from '../../tools/fakes/outside-services.ts'
import type { Readiness } from '../../src/protocol/health.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Scene } from '../support/one-way/scene.ts'
import { within } from '../support/wait.ts'

const outageMs = Number(process.env['OUTAGE_SECONDS'] ?? 5) * 1_000
/** After an outage the pauses are long: each attempt waits twice as long as the one before. */
const recoveryMs = 150_000

let outside: OutsideServices
let deployment: Deployment
beforeAll(async () => {
  outside = await OutsideServices.start()
  const vars = { ...emailVars(outside.url), ...whatsappVars(outside.url) }
  deployment = await startDeployment({ vars })
})
afterAll(async () => {
  await deployment.stop()
  await outside.stop()
})

test(
  '[DISP-10] [DISP-9] [DISP-11] e-mail and WhatsApp are away for a while, and back',
  async () => {
    const scene = await Scene.open({
      ...deployment,
      chance: chanceOf('outside'),
      rooms: 1,
      posters: 3,
    })
    outside.behave('email', { kind: 'down' })
    outside.behave('whatsapp', { kind: 'refuse', status: 503 })
    const { person } = scene.turn(0)
    const count = 40
    const accepted = await Promise.all(
      Array.from({ length: count }, (_, number) => [
        scene.poster.post(scene.turn(number).person, scene.turn(number).wish),
        scene.poster.post(person, {
          recipient: { type: 'email', id: `shift-${number}@example.com` },
          content: `mail ${number}`,
        }),
        scene.poster.post(person, {
          recipient: { type: 'whatsapp', id: `+88691234${String(number).padStart(4, '0')}` },
          content: `text ${number}`,
        }),
      ]).flat(),
    )
    expect(accepted.every(({ tracking_id }) => tracking_id !== undefined)).toBe(true)
    const circuits = async () => {
      const ready = (await (await fetch(`${deployment.url}/health/ready`)).json()) as Readiness
      return new Map(ready.circuits.map(({ service, state }) => [service, state]))
    }
    expect(await within(60_000, async () => (await circuits()).get('email') !== 'closed')).toBe(
      true,
    )
    expect(await within(60_000, async () => (await circuits()).get('whatsapp') !== 'closed')).toBe(
      true,
    )
    const machines = scene.gatherings.flatMap((gathering) => scene.machinesOf(gathering))
    const inRoom = scene.poster.posted.filter(({ recipient }) => recipient.type === 'room')
    // Rooms have theirs meanwhile.
    await within(30_000, async () => {
      await scene.poster.settle(machines)
      return inRoom.every(({ outcome }) => outcome?.status === 'committed')
    })
    expect(inRoom.map(({ outcome }) => outcome?.status)).toEqual(inRoom.map(() => 'committed'))
    await pause(outageMs)
    expect(outside.desk().arrivals).toEqual([])

    outside.behave('email', { kind: 'take' })
    outside.behave('whatsapp', { kind: 'take' })
    await scene.judge({ timeout_ms: recoveryMs })
    const out = scene.poster.posted.filter(({ recipient }) => recipient.type !== 'room')
    expect(out.map(({ outcome }) => outcome?.status)).toEqual(out.map(() => 'delivered'))
    const texts = outside.desk().arrivals.map(({ text }) => text)
    expect(texts.toSorted()).toEqual(out.map(({ content }) => content).toSorted())
    expect([...(await circuits())].filter(([, state]) => state !== 'closed')).toEqual([])
  },
  recoveryMs + outageMs + 120_000,
)
