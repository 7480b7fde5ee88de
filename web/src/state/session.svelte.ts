/** Who is signed in. */
import { createContext } from 'svelte'
import type { User } from '../../../src/protocol/member.ts'
import type { Api, Failure } from '../sync/api.ts'

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'signed_out'; readonly has_ended: boolean }
  | { readonly kind: 'signed_in'; readonly user: User }

export class Session {
  readonly #api: Api
  #state: SessionState = $state.raw({ kind: 'loading' })

  constructor(api: Api) {
    this.#api = api
  }

  get state(): SessionState {
    return this.#state
  }

  async load(): Promise<void> {
    this.#state = { kind: 'loading' }
    const result = await this.#api.me()
    if (result.ok) this.#state = { kind: 'signed_in', user: result.value }
    else if (result.failure.code !== 'unauthenticated')
      this.#state = { kind: 'failed', failure: result.failure }
  }

  /** Returns why not, or undefined once signed in. */
  async signIn(user_id: string): Promise<Failure | undefined> {
    const result = await this.#api.signIn(user_id)
    if (!result.ok) return result.failure
    this.#state = { kind: 'signed_in', user: result.value.user }
    return undefined
  }

  async signOut(): Promise<void> {
    await this.#api.signOut()
    this.#state = { kind: 'signed_out', has_ended: false }
  }

  /** The server no longer knows this session. */
  onEnded(): void {
    if (this.#state.kind === 'signed_out') return
    this.#state = { kind: 'signed_out', has_ended: this.#state.kind === 'signed_in' }
  }
}

export const [getSession, setSession] = createContext<Session>()
