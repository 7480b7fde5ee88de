/** How a socket ends when the client ends it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Gathering } from '../support/gathering.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

test("[CONN-7] a client's close is answered with its own code, without waiting", async () => {
  const gathering = await Gathering.open({ ...deployment, people: 3 })
  for (const client of gathering.clients) {
    const started = performance.now()
    expect(await client.close()).toBe(1000)
    // An answer that waits for the client's patience to end comes after half a minute.
    expect(performance.now() - started).toBeLessThan(10_000)
  }
})
