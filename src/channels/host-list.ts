/** A list of hosts in a variable: which ones may be asked. `*.` stands for one name and more. */
import { SettingsError, type Variables } from '../lib/variables.ts'

/** @throws SettingsError */
export const readHosts = (variables: Variables, name: keyof Variables, or = ''): string[] => {
  const hosts = (variables[name] || or).split(',').map((host) => host.trim().toLowerCase())
  const bad = hosts.find((host) => !/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host))
  if (bad === undefined) return hosts
  throw new SettingsError(
    `${name} has "${bad}"; it must be a list of hosts such as push.example.com,*.example.com`,
  )
}

export const isAmong = (hosts: readonly string[], hostname: string): boolean =>
  hosts.some((host) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host,
  )
