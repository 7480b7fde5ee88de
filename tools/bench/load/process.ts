/** The load process: holds the crowds and does what the benchmark orders, until that is gone. */
import { Crowd } from './crowd.ts'
import type { AnswerMessage, Order, OrderMessage } from './orders.ts'
import type { Measured } from './tally.ts'

const crowds = new Map<string, Crowd>()

process.on('message', (message) => void answer(message as OrderMessage))
process.on('disconnect', () => process.exit())
// A Ctrl-C in the terminal reaches everybody; the benchmark decides when to stop.
process.on('SIGINT', () => {})

async function answer({ id, order }: OrderMessage): Promise<void> {
  const reply = (rest: Omit<AnswerMessage, 'id'>) => process.send?.({ id, ...rest })
  try {
    const measured = await obey(order)
    reply(measured === undefined ? {} : { measured })
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) })
  }
}

async function obey(order: Order): Promise<Measured | undefined> {
  switch (order.kind) {
    case 'open': {
      const crowd = new Crowd(order.plan)
      crowds.set(order.crowd, crowd)
      await crowd.connect()
      return undefined
    }
    case 'load':
      return crowds.get(order.crowd)?.run(order.plan)
    case 'close':
      crowds.get(order.crowd)?.close()
      crowds.delete(order.crowd)
      return undefined
  }
}
