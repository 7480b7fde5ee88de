/**
 * Reads a report while the server writes it. A report that breaks off is told as broken: it must
 * never be taken for a whole one.
 */
import { failureOf, type Failure } from '../sync/api.ts'

export type ReadReportOptions = {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>
  readonly path: string
  readonly signal: AbortSignal
  readonly onText: (text: string) => void
  readonly onSignedOut: () => void
}

export type ReportEnd =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cancelled' }
  /** Something came, but not all. */
  | { readonly kind: 'broken' }
  | { readonly kind: 'refused'; readonly failure: Failure }

export const readReport = async (options: ReadReportOptions): Promise<ReportEnd> => {
  const { fetch, path, signal, onText, onSignedOut } = options
  let has_begun = false
  try {
    const response = await fetch(path, { credentials: 'same-origin', signal })
    if (response.status === 401) onSignedOut()
    if (!response.ok || response.body === null)
      return { kind: 'refused', failure: await failureOf(response) }
    const decoder = new TextDecoder()
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (signal.aborted) return { kind: 'cancelled' }
      if (done) return { kind: 'whole' }
      has_begun = true
      onText(decoder.decode(value, { stream: true }))
    }
  } catch {
    if (signal.aborted) return { kind: 'cancelled' }
    return has_begun
      ? { kind: 'broken' }
      : { kind: 'refused', failure: { code: 'unreachable', detail: '' } }
  }
}
