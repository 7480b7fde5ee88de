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
