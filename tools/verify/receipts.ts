/** Receipts that were given on the command line: each must be one, and ours where that can be told. */
import { parseReceipt, type Receipt } from '../../src/domain/proof/receipt.ts'
import { verifyReceipt } from '../../src/identity/receipts.ts'

export type GivenReceipt = Receipt & {
  /** False: there is no secret here; whoever kept it has to trust their own copy. */
  readonly is_signature_checked: boolean
}

/** @throws Error with one line */
export function readReceipts(
  texts: readonly string[],
  secret: string | undefined,
): Promise<GivenReceipt[]> {
  return Promise.all(
    texts.map(async (text) => {
      const receipt = parseReceipt(text)
      if (!receipt) throw new Error(`This is no receipt: ${text.slice(0, 40)}…`)
      if (secret === undefined) return { ...receipt, is_signature_checked: false }
      if (!(await verifyReceipt({ PROOF_SECRET: secret }, receipt.room_id, text)))
        throw new Error(`The receipt of revision ${receipt.revision} was signed with another key.`)
      return { ...receipt, is_signature_checked: true }
    }),
  )
}
