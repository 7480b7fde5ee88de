/** Users: who people are, apart from any room. */
import type { User } from '../protocol/member.ts'
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

/** For the sign-in page of a development server. */
export const listDemoUsers = async (client: Client): Promise<User[]> => {
  const { rows } = await client.query({
    name: 'list-demo-users',
    text: `SELECT ${columns} FROM tr_users ORDER BY created_at, user_id LIMIT 12`,
  })
  return rows as User[]
}
