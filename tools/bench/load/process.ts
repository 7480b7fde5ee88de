/** The load process: holds the crowds and does what the benchmark orders, until that is gone. */
import { Crowd } from './crowd.ts'
import { post } from './posting.ts'
import type { AnswerMessage, Order, OrderMessage } from './orders.ts'

const crowds = new Map<string, Crowd>()

process.on('message', (message) => void answer(message as OrderMessage))
process.on('disconnect', () => process.exit())
// A Ctrl-C in the terminal reaches everybody; the benchmark decides when to stop.
process.on('SIGINT', () => {})

async function answer({ id, order }: OrderMessage): Promise<void> {
  const reply = (rest: Omit<AnswerMessage, 'id'>) => process.send?.({ id, ...rest })
  try {
    reply(await obey(order))
  } catch (error) {
    reply({ error: error instanceof Error ? error.message : String(error) })
  }
}

async function obey(order: Order): Promise<Omit<AnswerMessage, 'id'>> {
  switch (order.kind) {
    case 'open': {
      const crowd = new Crowd(order.plan)
      crowds.set(order.crowd, crowd)
      await crowd.connect()
      return {}
    }
    case 'load': {
      const measured = await crowds.get(order.crowd)?.run(order.plan)
      return measured === undefined ? {} : { measured }
    }
    case 'hear': {
      const heard = await crowds.get(order.crowd)?.hear(order.plan)
      return heard === undefined ? {} : { heard }
    }
    case 'post':
      return { posted: await post(order.plan, 1) }
    case 'close':
      crowds.get(order.crowd)?.close()
      crowds.delete(order.crowd)
      return {}
  }
}
