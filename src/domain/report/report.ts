/**
 * A room's report as Markdown (API-6), from the facts of one revision: the same facts, options and
 * rows give the same bytes. It is a sequence of steps, texts to write and pages to read, that its
 * runner takes one by one; memory holds one page and the fields of the readings.
 */
import { attachments } from './attachments.ts'
import type { ReportFacts, ReportOptions } from './facts.ts'
import type { ReportSteps } from './page.ts'
import { people } from './people.ts'
import { readings } from './readings.ts'
import { styleOf } from './style.ts'
import { summary } from './summary.ts'
import { timeline } from './timeline.ts'
import { transcript } from './transcript.ts'

/**
 * Its last line tells that it is whole, and its totals. A report that ends without it was cut off.
 * @throws Error where rows are missing that the facts have counted
 */
export function* reportSteps(facts: ReportFacts, options: ReportOptions): ReportSteps {
  const style = styleOf(options)
  const { messages } = facts.counts
  yield summary(facts, options, style)
  const totals = {
    revision: facts.room.last_revision,
    messages,
    people: yield* people(style),
    timeline: yield* timeline(style),
    readings: yield* readings(style),
    attachments: yield* attachments(style),
    transcript: options.transcript ? yield* transcript(style) : null,
  }
  // Messages are never removed, so a page that came short is a fault.
  if (totals.transcript !== null && totals.transcript !== messages)
    throw new Error(`the transcript has ${totals.transcript} of ${messages} messages`)
  yield `---\n\n*${style.words.end(totals)}*\n`
}
