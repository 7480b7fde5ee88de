/** What the whole deployment agrees on: how many shards the burst lane has (DISP-8). One object. */
import { DurableObject } from 'cloudflare:workers'
import type { Layout } from '../domain/dispatch/layout.ts'
import type { Env } from '../env.ts'

export class Control extends DurableObject<Env> {
  async layout(): Promise<Layout> {
    throw new Error('not built yet')
  }

  /** From a moment on that is far enough away for everybody to know. */
  async changeShards(_shards: number): Promise<Layout> {
    throw new Error('not built yet')
  }
}
