/**
 * Everything breaks, again and again, in any order, while people talk (R1). Afterwards everybody
 * has everything, once and in order, within ten seconds.
 *
 *   FAULTS=2000 TEST_SEED=7 npx vitest run --project system test/system/storm.test.ts
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf, type Chance } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'
import { startTraffic } from '../support/traffic.ts'

const faultsWanted = Number(process.env['FAULTS'] ?? 200)
const longestPauseMs = 80
const convergenceMs = 10_000
/** A restart of anything takes about a second, on a busy machine some. */
const timeoutMs = 60_000 + faultsWanted * 500

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment({ ownPostgres: true })
})
afterAll(() => deployment.stop())

test(
  `[SEQ-4] [CONN-5] [DB-4] a storm of ${faultsWanted} faults: nothing lost, nothing twice, all converge`,
  async () => {
    const chance = chanceOf('storm')
    const gatherings = await Promise.all(
      [8, 4, 2].map((people) => Gathering.open({ ...deployment, people, chance })),
    )
    const traffics = gatherings.map(({ clients }) => startTraffic(clients, chance))
    const happened: Record<string, number> = {}
    for (let fault = 0; fault < faultsWanted; fault += 1) {
      const name = await breakSomething(gatherings, chance)
      happened[name] = (happened[name] ?? 0) + 1
      await pause(chance.below(longestPauseMs))
    }
    deployment.proxy.onCommit = () => 'none'
    console.log('faults:', happened)
    await Promise.all(traffics.map((traffic) => traffic.stop()))

    const calm = performance.now()
    const quiet = gatherings.map((gathering) => gathering.quiet(convergenceMs))
    expect(await Promise.all(quiet)).toEqual([true, true, true])
    console.log(`converged in ${Math.round(performance.now() - calm)} ms`)
    for (const [index, gathering] of gatherings.entries()) {
      const rows = await gathering.judge()
      expect(rows.last_sequence).toBe(traffics[index]?.said)
    }
    expect(Object.keys(happened).toSorted()).toEqual(Object.keys(weights).toSorted())
  },
  timeoutMs,
)

/** How often each is chosen, out of a hundred. */
const weights = { socket: 54, backend: 20, commit: 12, links: 8, worker: 3, postgres: 3 }

async function breakSomething(gatherings: readonly Gathering[], chance: Chance): Promise<string> {
  const fault = choose(chance)
  switch (fault) {
    case 'socket': {
      const clients = gatherings.flatMap((gathering) => gathering.clients)
      clients[chance.below(clients.length)]?.drop()
      break
    }
    case 'backend':
      await deployment.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'muster' ORDER BY state = 'active' DESC, random() LIMIT 1`,
      )
      break
    case 'commit':
      breakNextCommit(chance)
      break
    case 'links':
      deployment.proxy.cutAll()
      break
    case 'worker':
      await deployment.restartWorker()
      break
    case 'postgres':
      await deployment.restartPostgres()
  }
  return fault
}

function choose(chance: Chance): keyof typeof weights {
  let drawn = chance.below(100)
  for (const [fault, weight] of Object.entries(weights)) {
    drawn -= weight
    if (drawn < 0) return fault as keyof typeof weights
  }
  return 'socket'
}

function breakNextCommit(chance: Chance): void {
  const faults = ['swallow_reply', 'cut_before', 'cut_during'] as const
  let next = faults[chance.below(faults.length)]
  deployment.proxy.onCommit = () => {
    const fault = next ?? 'none'
    next = undefined
    return fault
  }
}
