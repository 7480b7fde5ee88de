import { expect, test } from 'vitest'
import { readDatabaseLocation } from '../../src/database/location.ts'
import { gatewayStub, gatewayStubs } from '../../src/durable/stubs.ts'
import type { Env } from '../../src/env.ts'
import { settingsProblems } from '../../src/http/settings.ts'

const asked = (DB_LOCATION_HINT?: string) => {
  const calls: unknown[] = []
  const env = {
    ...(DB_LOCATION_HINT === undefined ? {} : { DB_LOCATION_HINT }),
    DATABASE_GATEWAY: {
      idFromName: (name: string) => name,
      get: (id: string, options: unknown) => calls.push({ id, options }),
    },
  } as unknown as Env
  gatewayStubs(env)
  gatewayStub(env, 'a-room')
  return calls
}

test('[DB-2] gateways are made where the environment says', () => {
  const options = { locationHint: 'apac-se' }
  expect(asked('apac-se')).toMatchObject([
    { id: 'shard-0', options },
    { id: 'shard-1', options },
    { options },
  ])
  for (const call of [...asked(), ...asked('')]) expect(call).toMatchObject({ options: undefined })
})

test('[DB-2] a place that there is not stops the start by name', () => {
  expect(() => readDatabaseLocation({ DB_LOCATION_HINT: 'eu' })).toThrow(
    /^DB_LOCATION_HINT is "eu"; it must be one of wnam/,
  )
  expect(settingsProblems({ DB_LOCATION_HINT: 'eu' })).toContainEqual(
    expect.stringContaining('DB_LOCATION_HINT'),
  )
})
