/** A browser that can be pushed to, at the tests' push service (see test/support/push-service.ts). */
import { inject } from 'vitest'
import type { Behaviour, Push } from '../../support/push-told.ts'
import type { PushSubscription } from '../../../src/protocol/push.ts'
import type { Caller } from '../http-client.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    pushServiceUrl: string
  }
}

type Told = {
  readonly pushes: readonly Push[]
  readonly attempts: number
  /** What the service found wrong with any push of any test. */
  readonly problems: readonly string[]
}

export type Device = {
  readonly subscription: Pick<PushSubscription, 'endpoint' | 'keys'>
  told(): Promise<Told>
  behave(behaviour: Behaviour): Promise<void>
  /** Waits for pushes until there are so many. */
  pushes(count: number): Promise<readonly Push[]>
  attempts(count: number): Promise<void>
}

const patienceMs = 15_000

export const addDevice = async (): Promise<Device> => {
  const devices = `${inject('pushServiceUrl')}/devices`
  const made = await fetch(devices, { method: 'POST' })
  const subscription = await made.json<Device['subscription']>()
  const address = `${devices}/${subscription.endpoint.split('/').at(-1)}`
  const told = async () => (await fetch(address)).json<Told>()
  const until = async (isEnough: (now: Told) => boolean): Promise<Told> => {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const now = await told()
      if (isEnough(now)) return now
      if (Date.now() > deadline) throw new Error(`there is only ${JSON.stringify(now)}`)
      await scheduler.wait(25)
    }
  }
  return {
    subscription,
    told,
    behave: async (behaviour) => {
      await fetch(address, { method: 'PUT', body: JSON.stringify(behaviour) })
    },
    pushes: async (count) => (await until(({ pushes }) => pushes.length >= count)).pushes,
    attempts: async (count) => {
      await until(({ attempts }) => attempts >= count)
    },
  }
}

/** @throws Error unless it succeeds */
export const subscribe = async (person: Caller, device?: Device): Promise<Device> => {
  const subscribed = device ?? (await addDevice())
  const { status, body } = await person.put('/api/me/push-subscriptions', {
    ...subscribed.subscription,
    expiration_time: null,
  })
  if (status !== 204) throw new Error(`not subscribed: ${status} ${JSON.stringify(body)}`)
  return subscribed
}
