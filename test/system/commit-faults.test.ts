/**
 * The connection to Postgres breaks around the COMMIT, hundreds of times: what was committed is
 * told once, what was not is committed once, and a retry gets the number of the first (SEQ-4, R2).
 *
 *   FAULTS=3000 npx vitest run --project system test/system/commit-faults.test.ts
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chanceOf, type Chance } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import type { CommitFault } from '../support/fault-proxy.ts'
import { Gathering } from '../support/gathering.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

/** Each costs a new connection, whose handshake is most of the work. */
const faultsWanted = Number(process.env['FAULTS'] ?? 200)
const timeoutMs = 60_000 + faultsWanted * 200
const rooms = 8
const peopleInRoom = 3

test.each<[string, readonly CommitFault[]]>([
  ["COMMIT's reply is swallowed", ['swallow_reply']],
  ['the connection is cut before COMMIT', ['cut_before']],
  [
    'these two are mixed with cuts while Postgres works',
    ['swallow_reply', 'cut_before', 'cut_during'],
  ],
])(
  '[SEQ-4] [DB-4] [MSG-3] hundreds of times %s: nothing lost, nothing twice',
  async (name, faults) => {
    const chance = chanceOf(name)
    const { proxy } = deployment
    const gatherings = await Promise.all(
      Array.from({ length: rooms }, () =>
        Gathering.open({ ...deployment, people: peopleInRoom, chance }),
      ),
    )
    const before = faultsOf(deployment)
    const happened = () => faultsOf(deployment) - before
    proxy.onCommit = () => (chance.next() < 0.5 ? pick(chance, faults) : 'none')

    const rounds = await Promise.all(
      gatherings.map((gathering) => talkUntil(gathering, () => happened() >= faultsWanted)),
    )
    proxy.onCommit = () => 'none'

    for (const [index, gathering] of gatherings.entries()) {
      const rows = await gathering.judge()
      expect(rows.last_sequence).toBe((rounds[index] ?? 0) * peopleInRoom * 2)
    }
    expect(happened()).toBeGreaterThanOrEqual(faultsWanted)
  },
  timeoutMs,
)

/** Everybody says two things and waits for the answers; again and again. Returns how often. */
async function talkUntil(gathering: Gathering, isEnough: () => boolean): Promise<number> {
  let round = 0
  do {
    round += 1
    await Promise.all(
      gathering.clients.flatMap((client) => [
        client.say(`round ${round}: 溫度 180 °C`),
        client.say(`round ${round}: lot A12-77`),
      ]),
    )
  } while (!isEnough())
  return round
}

function pick(chance: Chance, faults: readonly CommitFault[]): CommitFault {
  return faults[chance.below(faults.length)] ?? 'none'
}

function faultsOf({ proxy: { counts } }: Deployment): number {
  return counts.swallow_reply + counts.cut_before + counts.cut_during
}
