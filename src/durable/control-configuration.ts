/** The versions of the configuration in the storage of Control (OPS-4): what was set, when, by whom. */
import { nothingHeld, type HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { ConfigurationValues } from '../protocol/configuration.ts'

type Row = { version: number; overrides: string }

export class ControlConfiguration {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`create table if not exists configuration_versions (
      version integer primary key,
      changed_at integer not null,
      changed_by text not null,
      note text not null,
      rolled_back_to integer,
      changes text not null,
      overrides text not null,
      previous_hash text not null,
      hash text not null
    )`)
  }

  held(): HeldConfiguration {
    const [row] = this.#sql.exec<Row>(
      'select version, overrides from configuration_versions order by version desc limit 1',
    )
    if (!row) return nothingHeld
    return { version: row.version, overrides: JSON.parse(row.overrides) as ConfigurationValues }
  }
}
