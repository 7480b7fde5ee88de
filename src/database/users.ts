/** Users: who people are, apart from any room. */
import type { User } from '../protocol/member.ts'
import { Tier } from '../protocol/rate-limit.ts'
import type { Client } from './client.ts'

const columns = 'user_id, display_name, is_admin'

export const readUser = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<User | null> => {
  const { rows } = await client.query({
    name: 'read-user',
    text: `SELECT ${columns} FROM tr_users WHERE user_id = $1`,
    values: [user_id],
  })
  return (rows[0] as User | undefined) ?? null
}

/** Creates the user if unknown; a display name given replaces the one known. */
export const saveUser = async (
  client: Client,
  { user_id, display_name }: { readonly user_id: string; readonly display_name: string | null },
): Promise<User> => {
  const { rows } = await client.query({
    name: 'save-user',
    text: `INSERT INTO tr_users (user_id, display_name) VALUES ($1, coalesce($2::text, $1))
      ON CONFLICT (user_id) DO UPDATE SET display_name = coalesce($2::text, tr_users.display_name)
      RETURNING ${columns}`,
    values: [user_id, display_name],
  })
  return rows[0] as User
}

/** How much they may write (LIM-1); null: nobody knows the person. */
export const readTier = async (
  client: Client,
  { user_id }: { readonly user_id: string },
): Promise<Tier | null> => {
  const { rows } = await client.query({
    name: 'read-tier',
    text: 'SELECT tier FROM tr_users WHERE user_id = $1',
    values: [user_id],
  })
  return tierIn(rows)
}

/** @returns the tier before; null: nobody knows the person. */
export const changeTier = async (
  client: Client,
  { user_id, tier }: { readonly user_id: string; readonly tier: Tier },
): Promise<Tier | null> => {
  const { rows } = await client.query({
    name: 'change-tier',
    text: `UPDATE tr_users AS user_now SET tier = $2
      FROM (SELECT user_id, tier FROM tr_users WHERE user_id = $1 FOR UPDATE) AS before
      WHERE user_now.user_id = before.user_id
      RETURNING before.tier`,
    values: [user_id, tier],
  })
  return tierIn(rows)
}

/** What the column says beyond our tiers is the least of them. */
const tierIn = ([row]: readonly unknown[]): Tier | null =>
  row === undefined
    ? null
    : (Tier.options.find((tier) => tier === (row as { tier: string }).tier) ?? 'basic')

/** For the sign-in page of a development server. */
export const listDemoUsers = async (client: Client): Promise<User[]> => {
  const { rows } = await client.query({
    name: 'list-demo-users',
    text: `SELECT ${columns} FROM tr_users ORDER BY created_at, user_id LIMIT 12`,
  })
  return rows as User[]
}
