/** Who is signed in; without a server that answers, who was. */
import { createContext } from 'svelte'
import type { User } from '../../../src/protocol/member.ts'
import type { Api, Failure } from '../sync/api.ts'
import type { KeyValueStore } from '../sync/key-value-store.ts'
import { Remembered } from '../sync/remembered.ts'

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'signed_out'; readonly has_ended: boolean }
  | { readonly kind: 'signed_in'; readonly user: User }

export class Session {
  readonly #api: Api
  readonly #user: Remembered<User>
  readonly #before_sign_out = new Set<() => Promise<void>>()
  #state: SessionState = $state.raw({ kind: 'loading' })

  constructor(api: Api, store: KeyValueStore) {
    this.#api = api
    this.#user = new Remembered(store, 'muster.user')
  }

  get state(): SessionState {
    return this.#state
  }

  async load(): Promise<void> {
    this.#state = { kind: 'loading' }
    const result = await this.#api.me()
    if (result.ok) return this.#enter(result.value)
    if (result.failure.code === 'unauthenticated') return
    // Drafts and what waits to be sent are on this device; the first answer decides who it is.
    const user = result.failure.code === 'unreachable' ? this.#user.get() : undefined
    this.#state = user ? { kind: 'signed_in', user } : { kind: 'failed', failure: result.failure }
  }

  /** Returns why not, or undefined once signed in. */
  async signIn(user_id: string): Promise<Failure | undefined> {
    const result = await this.#api.signIn(user_id)
    if (!result.ok) return result.failure
    this.#enter(result.value.user)
    return undefined
  }

  /** What needs the session for a last time; called until the result is. */
  onSigningOut(act: () => Promise<void>): () => void {
    this.#before_sign_out.add(act)
    return () => this.#before_sign_out.delete(act)
  }

  async signOut(): Promise<void> {
    // Whoever wants to go, goes.
    await Promise.allSettled([...this.#before_sign_out].map((act) => act()))
    await this.#api.signOut()
    this.#user.forget()
    this.#state = { kind: 'signed_out', has_ended: false }
  }

  /** The server no longer knows this session. */
  onEnded(): void {
    if (this.#state.kind === 'signed_out') return
    this.#user.forget()
    this.#state = { kind: 'signed_out', has_ended: this.#state.kind === 'signed_in' }
  }

  #enter(user: User): void {
    this.#user.set(user)
    this.#state = { kind: 'signed_in', user }
  }
}

export const [getSession, setSession] = createContext<Session>()
