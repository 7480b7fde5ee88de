/** The variables of the environment by name, and what is said of one that cannot be used. */

/** All text, some of them secrets. Explained in `.dev.vars.example`. */
export type Variables = {
  readonly DATABASE_URL?: string
  readonly DATABASE_PROXY?: string
  readonly ENVIRONMENT?: string
  readonly AUTH_SECRET?: string
  readonly AUTH_DEV_LOGIN?: string
  readonly AUTH_ISSUER?: string
  readonly AUTH_AUDIENCE?: string
  readonly AUTH_JWKS_URL?: string
  readonly DB_POOL_SIZE?: string
  readonly DB_MAX_OVERFLOW?: string
  readonly DB_POOL_TIMEOUT?: string
  readonly DB_POOL_RECYCLE?: string
  readonly DB_GATEWAY_SHARDS?: string
  readonly DB_IDLE_SLEEP?: string
  readonly COMMIT_MODE?: string
  readonly EDIT_WINDOW_MINUTES?: string
}

/** Stops the start. The message names the variable and says what would do. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}
