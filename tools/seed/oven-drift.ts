/**
 * The long room of the demo: resolved, with 600 messages over two days and everything that a room
 * can hold. The beginning and the end are told by hand; between them the same people measure, try
 * and discuss in turns (oven-rounds.ts).
 */
import { chihHao, daniel, james, mei, sarah, shuFen } from './people.ts'
import { ovenRounds } from './oven-rounds.ts'
import { add, change, reply, say, type Line } from './story.ts'

const messageCount = 600

const beginning: readonly Line[] = [
  add(james, mei, 'owner'),
  add(james, chihHao, 'editor'),
  add(james, sarah, 'editor'),
  say(
    james,
    20,
    'Reflow oven 2, zone 5: 251.4 °C against a setpoint of 245 °C. Alarm 5-H came up twice within ten minutes.',
  ),
  say(mei, 70, '夜班收到。產線 3 先停，板子不要再進爐。'),
  reply(chihHao, 45, 1, '已停線，爐內 14 片全部標記。'),
  say(sarah, 120, 'Lots through the oven since midnight: A12-75, A12-76, A12-77. A12-78 was next.'),
  add(mei, shuFen, 'editor'),
  reply(shuFen, 60, 1, 'A12-78 攔在緩衝區，沒有進爐 👌'),
  change(mei, 30, { severity: 'critical' }),
  say(mei, 10, '@James Wu @陳志豪 先查熱電偶還是 SSR?'),
  reply(
    james,
    80,
    1,
    'Swapped TC-5 with TC-6: the error stayed with zone 5. So it is not the thermocouple.',
  ),
  say(chihHao, 200, 'SSR 5 號輸出端一直導通，量到 231 V，關斷指令下了還是有電壓 😱'),
  add(mei, daniel, 'viewer'),
  say(mei, 30, '@Daniel Okafor SSR 型號 RM1A48D50，原廠建議？'),
  { kind: 'role', by: mei, after_s: 20, person: daniel, role: 'editor' },
  reply(
    daniel,
    150,
    1,
    'Typical end of life. Replace all of zones 4–6, they have the same age. Manual, chapter 7: https://example.com/manuals/oven-2?chapter=7#ssr',
  ),
  change(mei, 40, { severity: 'high', lots: ['A12-75', 'A12-76', 'A12-77', 'A12-78'] }),
  say(sarah, 90, longReport()),
  say(
    daniel,
    60,
    'Our service desk in Dubai asks for the serial number: «الرجاء إرسال رقم الفرن SN-20417 مع صورة»',
  ),
  reply(chihHao, 50, 1, '序號 SN-20417，銘牌在右側門內。'),
  say(shuFen, 30, '👩‍🔧👨🏽‍🔧🇹🇼 夜班辛苦了，宵夜在休息室 🍜'),
  reply(mei, 15, 1, '❤️'),
  say(
    james,
    40,
    '`zone5.pid = { kp: 4.2, ki: 0.11, kd: 0.9 }`\n<b>not changed</b> & not the cause: 5 < 6 > 4',
  ),
]

const ending: readonly Line[] = [
  say(james, 600, 'Twelve hours within ±1 °C. Largest deviation 0.8 °C at the shift change.'),
  say(sarah, 240, 'X-ray of the last 40 boards: no voids above 15 %. Quality releases the oven.'),
  reply(mei, 60, 1, '收到，謝謝 @Sarah Chen 🙌'),
  change(mei, 120, { status: 'resolved' }),
  say(daniel, 900, 'Failure report 8D-2041 will be in your inbox on Friday.'),
  reply(james, 120, 1, 'Thanks Daniel. Spare SSRs ×6 are ordered, too.'),
  say(shuFen, 300, 'A12-77 重工完成，52 片良品、2 片報廢。'),
  { kind: 'remove', by: mei, after_s: 60, person: daniel },
  say(mei, 200, '結案。感謝大家 🎉'),
]

/** The line stops again once, in the middle. */
const relapse: readonly Line[] = [
  change(mei, 60, { status: 'resolved' }),
  say(mei, 20, '溫度正常超過一小時，先結案。'),
  say(chihHao, 1_500, '等等，第 5 區又跳 249 °C。'),
  change(mei, 30, { status: 'active' }),
  reply(james, 40, 2, 'Reopened. This time the fan of zone 5 runs at 60 % only.'),
]

const told = [...beginning, ...relapse, ...ending].reduce((sum, line) => sum + messagesOf(line), 0)
const rounds = ovenRounds(messageCount - told)
const half = Math.floor(rounds.length / 2)

export const ovenDrift: readonly Line[] = [
  ...beginning,
  ...rounds.slice(0, half),
  ...relapse,
  ...rounds.slice(half),
  ...ending,
]

/** A change of status is also said in the room (API-4). */
function messagesOf(line: Line): number {
  if (line.kind === 'say') return 1
  return line.kind === 'change' && line.changes.status !== undefined ? 1 : 0
}

function longReport(): string {
  const boards = Array.from({ length: 36 }, (_, index) => {
    const voids = (4 + ((index * 37) % 190) / 10).toFixed(1)
    const peak = (247 + ((index * 53) % 60) / 10).toFixed(1)
    return `A12-77-${String(index + 1).padStart(3, '0')}  peak ${peak} °C  voids ${voids} %`
  })
  return [
    'First inspection of A12-77. 第一批檢查結果如下，空洞率上限 25 %，超過 20 % 的要切片：',
    ...boards,
    'Summary: none above the limit, three to be sectioned. 結論：沒有超標，三片送切片。',
  ].join('\n')
}
