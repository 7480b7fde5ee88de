/** Where senders of one-way messages are told what became of them (DISP-5): one address each. */
import type { Client } from './client.ts'

export type StoredWebhook = {
  readonly url: string
  /** Signs each call; of the Standard Webhooks form `whsec_…`. */
  readonly secret: string
  readonly created_at: string
}

/** Null: this person has none. */
export const readWebhook = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<StoredWebhook | null> => {
  const { rows } = await client.query({
    name: 'read-webhook',
    text: `SELECT url, secret, wire_time(created_at) AS created_at FROM webhooks WHERE user_id = $1`,
    values: [user_id],
  })
  return (rows[0] as StoredWebhook | undefined) ?? null
}

/** In place of the one before. @returns since when it is so */
export const saveWebhook = async (
  client: Client,
  args: { readonly user_id: string; readonly url: string; readonly secret: string },
): Promise<string> => {
  const { user_id, url, secret } = args
  const { rows } = await client.query({
    name: 'save-webhook',
    text: `INSERT INTO webhooks (user_id, url, secret) VALUES ($1, $2, $3)
      ON CONFLICT (user_id) DO UPDATE
        SET url = excluded.url, secret = excluded.secret, created_at = now()
      RETURNING wire_time(created_at) AS created_at`,
    values: [user_id, url, secret],
  })
  return rows[0]?.['created_at'] as string
}

export const removeWebhook = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<null> => {
  await client.query({
    name: 'remove-webhook',
    text: 'DELETE FROM webhooks WHERE user_id = $1',
    values: [user_id],
  })
  return null
}
