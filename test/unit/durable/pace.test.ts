/** How many may be on their way at once, and how that grows after a recovery. */
import { expect, test } from 'vitest'
import { Pace } from '../../../src/durable/pace.ts'

/** Work that goes on until it is told to end. */
class Scene {
  readonly ends: (() => void)[] = []
  readonly kept: number[] = []
  readonly pace: Pace

  constructor(allowed: number | undefined, max = 6) {
    this.pace = new Pace({ max, allowed, onChange: (count) => void this.kept.push(count) })
  }

  begin(count: number): void {
    for (let one = 0; one < count; one += 1)
      void this.pace.run(() => new Promise<void>((end) => void this.ends.push(end)))
  }

  /** @returns how many have begun by now */
  async begun(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve))
    return this.ends.length
  }

  async end(count: number, isGood = true): Promise<void> {
    for (let one = 0; one < count; one += 1) {
      this.ends.shift()?.()
      if (isGood) this.pace.wentWell()
      await this.begun()
    }
  }
}

test('[DISP-10] [LIM-4] so many at once and no more, in order', async () => {
  const scene = new Scene(undefined)
  scene.begin(20)
  expect(await scene.begun()).toBe(6)
  await scene.end(1)
  expect(await scene.begun()).toBe(6)
  expect(scene.kept).toEqual([])
})

test('[DISP-10] after a failure one, then two, then four, and all of them again', async () => {
  const scene = new Scene(undefined)
  scene.pace.startAnew()
  scene.begin(100)
  for (const [at_once, good] of [
    [1, 1],
    [2, 2],
    [4, 4],
    [6, 6],
    [6, 6],
  ] as const) {
    expect(await scene.begun()).toBe(at_once)
    await scene.end(good)
  }
  expect(scene.kept).toEqual([1, 2, 4, 6])
})

test('[DISP-10] an object that wakes in between goes on from there', async () => {
  const scene = new Scene(2)
  scene.begin(10)
  expect(await scene.begun()).toBe(2)
})

test('[DISP-10] a service that has too many gets half of them, and never none', async () => {
  const scene = new Scene(undefined)
  scene.pace.slowDown()
  scene.pace.slowDown()
  scene.pace.slowDown()
  expect(scene.kept).toEqual([3, 1])
  scene.begin(5)
  expect(await scene.begun()).toBe(1)
})

test('[DISP-10] work that throws makes room, too', async () => {
  const pace = new Pace({ max: 1, allowed: undefined, onChange: () => {} })
  const failing = pace.run(() => Promise.reject(new Error('torn')))
  const next = pace.run(async () => 'done')
  await expect(failing).rejects.toThrow('torn')
  expect(await next).toBe('done')
})
