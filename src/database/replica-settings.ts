/** Where the read replica is, if there is one (DB-6). The address holds a password: never repeated. */
import { SettingsError, type Variables } from '../lib/variables.ts'

/**
 * @returns undefined where there is no replica
 * @throws SettingsError
 */
export const readReplicaUrl = ({ DATABASE_READ_URL: url }: Variables): string | undefined => {
  if (!url) return undefined
  const protocol = URL.parse(url)?.protocol
  if (protocol === 'postgres:' || protocol === 'postgresql:') return url
  throw new SettingsError('DATABASE_READ_URL must be an address such as postgres://user@host/name')
}
