/** Signing in and out. The development sign-in exists only where it is switched on (SEC-1). */
import { askDatabase } from '../durable/ask-database.ts'
import type { Env } from '../env.ts'
import { readAuthSettings } from '../identity/auth-settings.ts'
import { setSessionCookie } from '../identity/credentials.ts'
import { signToken } from '../identity/tokens.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { DevLogin, Session, UserList } from '../protocol/member.ts'
import { publicEndpoint, type Endpoint } from './endpoint.ts'

const devLogin = publicEndpoint({
  method: 'post',
  path: '/api/auth/dev-login',
  tag: 'session',
  summary: 'Sign in as anybody (development only)',
  description:
    'Answers a token and sets it as the cookie `muster_session`. An unknown user is created. ' +
    'There is no such address unless AUTH_DEV_LOGIN is true.',
  body: DevLogin,
  success: { status: 200, description: 'Signed in', schema: Session },
  refuses: ['bad_request', 'not_found', 'database_busy'],
  handle: async ({ context, env, body }) => {
    const existence = devLoginExists(env)
    if (!existence.ok) return existence
    const { user_id, display_name = null } = body
    const saved = await askDatabase(env, user_id, 'saveUser', { user_id, display_name })
    if (!saved.ok) return saved
    const user = saved.value
    const now = Date.now()
    const { token, expires_at } = await signToken(env, user, now)
    const lifetime_s = Math.floor((expires_at - now) / 1_000)
    context.header('set-cookie', setSessionCookie(token, { url: context.req.url, lifetime_s }))
    return success({ token, expires_at: new Date(expires_at).toISOString(), user })
  },
})

const devPeople = publicEndpoint({
  method: 'get',
  path: '/api/auth/dev-people',
  tag: 'session',
  summary: 'People one may sign in as (development only)',
  success: { status: 200, description: 'The first dozen people', schema: UserList },
  refuses: ['not_found', 'database_busy'],
  handle: async ({ env }) => {
    const existence = devLoginExists(env)
    if (!existence.ok) return existence
    const people = await askDatabase(env, 'dev-people', 'listDemoUsers', undefined)
    return people.ok ? success({ people: people.value }) : people
  },
})

const logout = publicEndpoint({
  method: 'post',
  path: '/api/auth/logout',
  tag: 'session',
  summary: 'Forget the session cookie',
  success: { status: 204, description: 'The cookie is gone' },
  refuses: ['forbidden'],
  handle: async ({ context }) => {
    context.header('set-cookie', setSessionCookie('', { url: context.req.url, lifetime_s: 0 }))
    return success(null)
  },
})

const devLoginExists = (env: Env): Outcome<null> =>
  readAuthSettings(env).dev_login
    ? success(null)
    : failure(refusal('not_found', 'there is nothing at this address'))

export const authEndpoints: readonly Endpoint[] = [devLogin, devPeople, logout]
