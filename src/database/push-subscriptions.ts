/** The browsers that a push service reaches (WEB-5): one browser, one person. */
import { PUSH_SUBSCRIPTIONS_MAX_COUNT, type PushSubscription } from '../protocol/push.ts'
import type { Client } from './client.ts'
import { roomsAwake, type RoomsAwake } from './notifications.ts'

/** SQL of the id by which logs and errands name a subscription. @param endpoint a placeholder */
const idOf = (endpoint: string): string => `encode(sha256(convert_to(${endpoint}, 'UTF8')), 'hex')`

/**
 * Registers a browser, or takes it over from whoever used it before. Of more than a person may
 * have, those that were longest not renewed go.
 */
export const savePushSubscription = async (
  client: Client,
  args: PushSubscription & { readonly user_id: string },
): Promise<RoomsAwake> => {
  const { user_id, endpoint, keys, expiration_time, user_agent = null } = args
  const { rows } = await client.query({
    name: 'save-push-subscription',
    text: `WITH saved AS (
        INSERT INTO push_subscriptions AS known
            (subscription_id, user_id, endpoint, p256dh, auth, expires_at, user_agent)
          VALUES (${idOf('$2')}, $1, $2, $3, $4, $5, $6)
          ON CONFLICT (subscription_id) DO UPDATE SET user_id = excluded.user_id,
            p256dh = excluded.p256dh, auth = excluded.auth, expires_at = excluded.expires_at,
            user_agent = excluded.user_agent, updated_at = now(),
            created_at = CASE WHEN known.user_id = excluded.user_id
              THEN known.created_at ELSE now() END),
      dropped AS (
        DELETE FROM push_subscriptions WHERE subscription_id IN (
          SELECT subscription_id FROM push_subscriptions
            WHERE user_id = $1 AND subscription_id <> ${idOf('$2')}
            ORDER BY updated_at DESC OFFSET ${PUSH_SUBSCRIPTIONS_MAX_COUNT - 1}))
      SELECT ${roomsAwake('$1')} AS room_ids`,
    values: [user_id, endpoint, keys.p256dh, keys.auth, expiration_time, user_agent],
  })
  return rows[0] as RoomsAwake
}

/** Only the person's own: to others an endpoint means nothing. */
export const removePushSubscription = async (
  client: Client,
  { user_id, endpoint }: { readonly user_id: string; readonly endpoint: string },
): Promise<null> => {
  await client.query({
    name: 'remove-push-subscription',
    text: `DELETE FROM push_subscriptions WHERE subscription_id = ${idOf('$2')} AND user_id = $1`,
    values: [user_id, endpoint],
  })
  return null
}

/** Those that their push service no longer knows, unless they were renewed since they were read. */
export const dropPushSubscriptions = async (
  client: Client,
  { gone }: { readonly gone: readonly { subscription_id: string; renewed_at: string }[] },
): Promise<null> => {
  await client.query({
    name: 'drop-push-subscriptions',
    text: `DELETE FROM push_subscriptions s
      USING unnest($1::text[], $2::timestamptz[]) AS gone(subscription_id, renewed_at)
      WHERE s.subscription_id = gone.subscription_id AND s.updated_at <= gone.renewed_at`,
    values: [gone.map((one) => one.subscription_id), gone.map((one) => one.renewed_at)],
  })
  return null
}
