/**
 * A report as the body of an answer: each step is taken when the reader wants more, so a reader
 * that pauses stops the reading of the database as well.
 */
import type { PageAsk, ReportPage, ReportSteps } from '../domain/report/page.ts'
import type { Outcome } from '../lib/outcome.ts'
import type { Refusal } from '../protocol/errors.ts'

/** The next page was refused: to a reader who was removed, or by a database that is away. */
export class PageRefused extends Error {
  override readonly name = 'PageRefused'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(`the report broke off: ${refusal.message}`)
    this.refusal = refusal
  }
}

export type ReportSource = {
  readonly steps: ReportSteps
  readonly read: (ask: PageAsk) => Promise<Outcome<ReportPage>>
  /** Told why a report could not be finished. */
  readonly onBroken: (error: unknown) => void
}

/** A report that cannot be finished ends its stream with an error, so that it never looks whole. */
export const reportStream = ({
  steps,
  read,
  onBroken,
}: ReportSource): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const text = await nextText(steps, read)
          if (text === undefined) controller.close()
          else controller.enqueue(encoder.encode(text))
        } catch (error) {
          onBroken(error)
          controller.error(error)
        }
      },
      cancel() {
        steps.return()
      },
    },
    // Nothing is made ahead of the reader.
    { highWaterMark: 0 },
  )
}

/** Undefined at the end. */
const nextText = async (
  steps: ReportSteps,
  read: ReportSource['read'],
): Promise<string | undefined> => {
  let step = steps.next()
  while (step.done !== true && typeof step.value !== 'string') {
    const page = await read(step.value)
    if (!page.ok) throw new PageRefused(page.refusal)
    step = steps.next(page.value)
  }
  return typeof step.value === 'string' ? step.value : undefined
}
