/** Memory of a process, as the kernel counts it. */
import { readFileSync } from 'node:fs'

const sampleMs = 50

/** Resident set, in MiB. */
export const residentMiB = (pid: number): number => {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1]) / 1_024
}

/** @returns by how much the resident set was above where it stood before, at its highest */
export async function growthWhile(pid: number, work: () => Promise<void>): Promise<number> {
  const before = residentMiB(pid)
  let highest = before
  const timer = setInterval(() => {
    highest = Math.max(highest, residentMiB(pid))
  }, sampleMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return Math.max(highest, residentMiB(pid)) - before
}
