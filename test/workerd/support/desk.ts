/** Stand-ins for outside services, apart from those of other tests (see tools/fakes). */
import { inject } from 'vitest'
import type { Behaviour, Service, Told } from '../../../tools/fakes/behaviour.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    outsideServicesUrl: string
  }
}

export class Desk {
  readonly url = `${inject('outsideServicesUrl')}/desk/${crypto.randomUUID()}`

  told(service: Service): Promise<Told> {
    return this.#control(service, { method: 'GET' })
  }

  async behave(service: Service, behaviour: Behaviour): Promise<void> {
    await this.#control(service, { method: 'PUT', body: JSON.stringify({ behaviour }) })
  }

  /** Its webhook takes only what is signed with this secret. */
  async know(secret: string): Promise<void> {
    await this.#control('webhook', { method: 'PUT', body: JSON.stringify({ secret }) })
  }

  async #control(service: Service, init: RequestInit): Promise<Told> {
    return (await fetch(`${this.url}/control/${service}`, init)).json<Told>()
  }
}
