/** A browser for the browser tests: found, or on Debian as root installed from its packages. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromiumMissing, findChromium } from '../test/support/chromium.ts'

const aptGet = '/usr/bin/apt-get'

/** undefined when there is one; else one line that says what to install. */
export async function ensureChromium(): Promise<string | undefined> {
  if (findChromium() === undefined && process.getuid?.() === 0 && existsSync(aptGet)) {
    console.log('Installing Chromium and CJK fonts from Debian …')
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'])
  }
  return findChromium() === undefined ? chromiumMissing : undefined
}

function apt(args: string[]): Promise<void> {
  return new Promise((done) => {
    const child = spawn(aptGet, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.on('error', () => done())
    child.on('close', () => done())
  })
}
