/** Where the API of an outside service is. Keys are sent there, so it must be https. */
import { SettingsError, type Variables } from '../lib/variables.ts'

const LOCAL = ['localhost', '127.0.0.1']

/** @throws SettingsError unless it is https; in development this machine may go without */
export const readApiUrl = (variables: Variables, name: keyof Variables, or: string): URL => {
  const url = URL.parse(variables[name] || or)
  const mayBeOpen = variables.ENVIRONMENT === 'development' && LOCAL.includes(url?.hostname ?? '')
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && mayBeOpen))) return url
  throw new SettingsError(`${name} must be an https: address such as ${or}`)
}

/** An address below that of the API. */
export const below = (base: URL, ...path: readonly string[]): URL => {
  const url = new URL(base)
  url.pathname = [base.pathname.replace(/\/+$/, ''), ...path.map(encodeURIComponent)].join('/')
  return url
}
