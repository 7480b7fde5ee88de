/** A stand-in with its services, and what a channel gets to send. */
import type { Parcel } from '../../../src/channels/channel.ts'
import type { Behaviour, Service, Told } from '../../../tools/fakes/behaviour.ts'
import { OutsideServices } from '../../../tools/fakes/outside-services.ts'

export const parcel = (over: Partial<Parcel> = {}): Parcel => ({
  id: '0198d7f2-6b02-7d10-b5a4-20f1c1de9a55',
  to: 'lin@example.com',
  content: '三號線停機 🔥\nPT-104 is at 9.1 bar',
  subject: 'Line 3',
  sender_display_name: 'Boiler house',
  ...over,
})

/** Apart from what other tests did. */
export class Scene {
  static #shared: OutsideServices | undefined
  static #count = 0
  readonly url: string
  readonly #server: OutsideServices
  readonly #name: string

  static async make(): Promise<Scene> {
    Scene.#shared ??= await OutsideServices.start()
    Scene.#count += 1
    return new Scene(Scene.#shared, `d${Scene.#count}`)
  }

  static async stop(): Promise<void> {
    const shared = Scene.#shared
    Scene.#shared = undefined
    await shared?.stop()
  }

  private constructor(server: OutsideServices, name: string) {
    this.#server = server
    this.#name = name
    this.url = `${server.url}/desk/${name}`
  }

  behave(service: Service, behaviour: Behaviour): void {
    this.#server.desk(this.#name).behaviours.set(service, behaviour)
  }

  knowSecret(secret: string): void {
    this.#server.desk(this.#name).webhook_secret = secret
  }

  told(service: Service): Told {
    return this.#server.desk(this.#name).told(service)
  }
}
