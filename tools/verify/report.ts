/** What was found, as one line for people or for programs. */
import type { Verdict } from '../../src/database/verify-record.ts'
import { damageLine } from '../../src/domain/proof/damage.ts'
import type { GivenReceipt } from './receipts.ts'

export type Report = Verdict & {
  readonly room_id: string
  readonly receipts: readonly GivenReceipt[]
}

export function lineOf({ room_id, first_problem, head, messages, receipts }: Report): string {
  if (first_problem) return `${room_id} is DAMAGED: ${damageLine(first_problem)}`
  const unchecked = receipts.filter((receipt) => !receipt.is_signature_checked).length
  const parts = [
    `${head.revision} revisions`,
    `${messages} messages`,
    ...(receipts.length === 0 ? [] : [`${receipts.length} receipts hold`]),
    ...(unchecked === 0 ? [] : [`${unchecked} signatures not checked: no PROOF_SECRET`]),
    `head ${head.hash}`,
  ]
  return `${room_id} is whole: ${parts.join(', ')}`
}

export function jsonOf({ room_id, first_problem, head, messages, receipts }: Report): string {
  return JSON.stringify({
    room_id,
    ok: first_problem === undefined,
    messages,
    revisions: head.revision,
    ...(first_problem && { first_problem }),
    head,
    receipts: receipts.map(({ revision, is_signature_checked }) => ({
      revision,
      is_signature_checked,
    })),
  })
}
