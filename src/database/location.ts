/** Where in the world the gateways are made: near the database. Objects never move (see Regions). */
import { SettingsError, type Variables } from '../lib/variables.ts'

const locations = [
  'wnam',
  'enam',
  'sam',
  'weur',
  'eeur',
  'apac',
  'apac-ne',
  'apac-se',
  'oc',
  'afr',
  'me',
] as const

type Location = (typeof locations)[number]

/** Undefined: near whoever asks first. @throws SettingsError */
export const readDatabaseLocation = ({ DB_LOCATION_HINT }: Variables): Location | undefined => {
  if (!DB_LOCATION_HINT) return undefined
  const location = locations.find((one) => one === DB_LOCATION_HINT)
  if (location) return location
  throw new SettingsError(
    `DB_LOCATION_HINT is "${DB_LOCATION_HINT}"; it must be one of ${locations.join(', ')}`,
  )
}
