/** What arrived at the stand-ins, for people: newest first, nothing loaded from elsewhere. */
import { services, type Arrival } from './behaviour.ts'
import type { Desk } from './desk.ts'

const SHOWN_MAX_COUNT = 200

const REFRESH_S = 3

export function pageOf(desk: Desk): string {
  const shown = desk.arrivals.slice(-SHOWN_MAX_COUNT).toReversed()
  const counts = services.map((service) => {
    const { attempts, arrivals } = desk.told(service)
    const kind = desk.behaviours.get(service)?.kind ?? 'take'
    return `<section class="service">
      <h2>${names[service]}</h2>
      <p><b>${arrivals.length}</b> arrived, asked ${attempts} times${kind === 'take' ? '' : `, <em>${kind}</em>`}</p>
      <form method="post" action="/control/${service}">
        ${button(kind, 'take', 'works')} ${button(kind, 'down', 'is down')} ${button(kind, 'refuse', 'answers 500')}
      </form>
    </section>`
  })
  const rows = shown.map(rowOf).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="${REFRESH_S}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sent from Muster</title>
<style>${style}</style>
<main>
<h1>Sent from Muster</h1>
<p>Stand-ins on this machine for an e-mail service (the Resend API), the WhatsApp Cloud API and
somebody's webhook. Nothing leaves it.</p>
<div class="services">${counts.join('')}</div>
${rows === '' ? '<p class="none">Nothing has arrived yet.</p>' : `<ol>${rows}</ol>`}
</main>
</html>`
}

const names = { email: 'E-mail', whatsapp: 'WhatsApp', webhook: 'Webhook' }

function button(is: string, kind: string, label: string): string {
  return `<button name="kind" value="${kind}"${is === kind ? ' disabled' : ''}>${label}</button>`
}

function rowOf({ service, id, at, to, subject, text, is_signed }: Arrival): string {
  const title = subject === null ? '' : `<h3>${escaped(subject)}</h3>`
  const signed = is_signed ? ', signature checked' : ''
  return `<li>
    <header><span class="tag">${names[service]}</span> to <b>${escaped(to)}</b>
      <time datetime="${escaped(at)}">${escaped(at.slice(0, 19).replace('T', ' '))} UTC</time></header>
    ${title}<pre>${escaped(text)}</pre><footer>${escaped(id)}${signed}</footer>
  </li>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}

const style = `
:root { --ink: #1d2329; --dim: #5b6570; --line: #d9dee3; --paper: #f6f7f8; --card: #fff; --mark: #0b6e8f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --dim: #9aa5b0; --line: #333b43; --paper: #14181c; --card: #1c2227; --mark: #62c1e0; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; } h2 { font-size: 1rem; margin: 0; }
h3 { font-size: 1rem; margin: .5rem 0 0; } p { margin: .25rem 0; color: var(--dim); }
.services { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.service, li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
em { color: #b3261e; font-style: normal; font-weight: 600; }
@media (prefers-color-scheme: dark) { em { color: #ff8a80; } }
button { font: inherit; font-size: .8rem; color: inherit; background: none; border: 1px solid var(--line); border-radius: .35rem; padding: .1rem .5rem; cursor: pointer; }
button:disabled { border-color: var(--mark); color: var(--mark); cursor: default; }
ol { list-style: none; padding: 0; margin: 0; display: grid; gap: .75rem; }
header { display: flex; flex-wrap: wrap; gap: .35rem; align-items: baseline; overflow-wrap: anywhere; }
.tag { color: var(--mark); font-weight: 600; } time { margin-left: auto; color: var(--dim); font-size: .85rem; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: .35rem 0; max-height: 16rem; overflow: auto; }
footer { color: var(--dim); font-size: .75rem; overflow-wrap: anywhere; }
.none { text-align: center; padding: 3rem 0; }
`
