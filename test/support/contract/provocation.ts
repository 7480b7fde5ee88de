/** Requests that are refused for a documented reason, made from the documented examples. */
import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '../../../src/protocol/errors.ts'
import { BODY_MAX_BYTES } from '../../../src/http/json-body.ts'
import { examplesOf, isForAdmins, type Operation, type Sent } from './operation.ts'
import { restParticulars, type Provocation } from './rest-particulars.ts'

/** Codes for which there is a general way; the others are provoked by particulars alone. */
const general: readonly ErrorCode[] = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'bad_request',
  'too_large',
]

/** The documented codes of an operation, and how it is brought to each; undefined: no way known. */
export const provocationsOf = (operation: Operation): [ErrorCode, Provocation | undefined][] => {
  const { provoke = {}, beyond = {} } = restParticulars[operation.name] ?? {}
  const codes = Object.values(operation.responses).flatMap(
    ({ content }) =>
      Object.keys(content?.['application/problem+json']?.examples ?? {}) as ErrorCode[],
  )
  return codes
    .filter((code) => !(code in beyond) && (general.includes(code) || code in provoke))
    .map((code) => [code, provoke[code] ?? generally(operation, code)])
}

const generally = (operation: Operation, code: ErrorCode): Provocation | undefined => {
  const { parameters, is_public, body } = operation
  const example = examplesOf(operation)[0]?.[1] ?? {}
  const ids = parameters.filter((one) => one.in === 'path').map(({ name }) => name)
  switch (code) {
    case 'unauthenticated':
      return { ...example, who: 'nobody' }
    case 'forbidden':
      return !is_public && (ids.length > 0 || isForAdmins(operation))
        ? { ...example, who: 'stranger' }
        : undefined
    case 'not_found': {
      // What hangs on a message is missing with it.
      const last = ids.findLast((name) => name.endsWith('_id'))
      if (last === undefined) return undefined
      const unknown = last === 'user_id' ? 'nobody@example.com' : randomUUID()
      return { ...example, path: { [last]: unknown } }
    }
    case 'bad_request':
      return broken(operation, example)
    case 'too_large':
      return body?.['application/json']
        ? { ...example, body: JSON.stringify('x'.repeat(BODY_MAX_BYTES)) }
        : undefined
    default:
      return undefined
  }
}

/** The very request that the document shows to be refused. */
const broken = (operation: Operation, example: Sent): Provocation | undefined => {
  const request = documentedProblem(operation, 'bad_request')?.['x-request']
  if (request === undefined) return undefined
  const { query } = request
  return query === undefined
    ? { ...example, ...request }
    : { ...example, query, has_bare_query: true }
}

/** What the document says that the endpoint says. */
export const documentedProblem = ({ responses }: Operation, code: ErrorCode) =>
  Object.values(responses)
    .map(({ content }) => content?.['application/problem+json']?.examples?.[code])
    .find((example) => example !== undefined)
