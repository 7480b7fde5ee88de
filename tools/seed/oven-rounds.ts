/**
 * What people say while they watch an oven: short exchanges that come round again with other
 * figures. Nothing here is random, so every database gets the same words.
 */
import { chihHao, daniel, james, mei, sarah, shuFen } from './people.ts'
import { reply, say, type Line } from './story.ts'

/** What an exchange is about: changes from round to round. */
type Figures = {
  readonly round: number
  /** Zone 5, swinging into its setpoint. */
  readonly celsius: string
  readonly lot: string
  readonly board: number
}

type Exchange = (figures: Figures) => readonly Line[]

const lots = ['A12-75', 'A12-76', 'A12-77', 'A12-78']

/** People sleep: the day shift takes over after so many exchanges, some hours later. */
const exchangesPerShift = 48
const nightHours = 6

/** Exactly so many messages; the last exchange may be cut short. */
export function ovenRounds(count: number): Line[] {
  const lines: Line[] = []
  for (let index = 0; lines.length < count; index += 1) {
    const exchange = exchanges[index % exchanges.length]
    const [first, ...others] = exchange?.(figuresOf(index)) ?? []
    if (first === undefined) continue
    const isMorning = index > 0 && index % exchangesPerShift === 0
    const pause_s = isMorning ? nightHours * 3_600 : 90 + ((index * 7_919) % 400)
    lines.push({ ...first, after_s: first.after_s + pause_s }, ...others)
  }
  return lines.slice(0, count)
}

function figuresOf(index: number): Figures {
  const swing = 6 * Math.exp(-index / 40) * Math.cos(index / 3)
  return {
    round: index + 1,
    celsius: (245 + swing).toFixed(1),
    lot: lots[index % lots.length] ?? '',
    board: 1 + ((index * 17) % 54),
  }
}

const exchanges: readonly Exchange[] = [
  ({ celsius }) => [
    say(james, 5, `Zone 5 now ${celsius} °C, setpoint 245 °C.`),
    reply(mei, 35, 1, '趨勢往回了，繼續看。'),
  ],
  ({ lot, board }) => [
    say(sarah, 10, `Taking board ${board} of ${lot} to the X-ray.`),
    say(sarah, 80, `Board ${board}: voids ${(5 + (board % 12)).toFixed(1)} %, limit 25 %.`),
    reply(mei, 25, 1, '可以，記錄下來。'),
    reply(sarah, 20, 2, 'Done, see the traveller.'),
  ],
  ({ celsius }) => [
    say(chihHao, 15, `電流 5 區 18.${Math.trunc(Number(celsius)) % 10} A，電壓 229 V。`),
    reply(james, 40, 1, 'Heater resistance is fine then.'),
    say(chihHao, 30, '風扇 1,420 rpm，正常值 1,450。'),
  ],
  ({ lot }) => [
    say(shuFen, 10, `${lot} 現在在哪一站？客戶在問交期。`),
    reply(sarah, 50, 1, `${lot} waits at inspection, 54 boards.`),
    reply(shuFen, 30, 1, '好，我回覆客戶明天下午。'),
  ],
  ({ round, celsius }) => [
    say(mei, 5, `第 ${round} 次點檢：${celsius} °C`),
    reply(chihHao, 20, 1, '👍'),
  ],
  ({ board }) => [
    say(daniel, 20, `Please send the trend of the last ${20 + board} minutes, all zones.`),
    say(james, 120, 'Exported: zone 4 ±0.6, zone 5 ±1.9, zone 6 ±0.5 °C.'),
    reply(daniel, 90, 1, 'Zone 5 hunts. Try kp 3.6 before touching ki.'),
    reply(james, 45, 1, 'kp is 3.6 now.'),
  ],
  ({ celsius }) => [
    say(james, 15, `After the change: ${celsius} °C, quieter already.`),
    say(mei, 40, '@陳志豪 幫忙確認爐門有沒有關好，上次就是門縫漏風。'),
    reply(chihHao, 70, 1, '門已關好，膠條完整。'),
  ],
  ({ lot }) => [
    say(sarah, 20, `Cross section of ${lot}: IMC layer 2.8 µm, wetting good.`),
    reply(mei, 30, 1, '照片放到報告裡。'),
  ],
  ({ round }) => [
    say(chihHao, 10, `備品庫存：SSR 剩 ${6 - (round % 4)} 個，熱電偶 4 支。`),
    reply(shuFen, 40, 1, '我再叫料，三天到。'),
    reply(chihHao, 15, 1, '謝謝 🙏'),
  ],
  ({ celsius, lot }) => [
    say(
      james,
      10,
      `Profile board through: peak ${celsius} °C, 62 s above liquidus. ${lot} may go on.`,
    ),
    reply(sarah, 35, 1, 'I want one more profile before release.'),
    reply(james, 20, 1, 'Fair. Ten minutes.'),
    say(james, 600, 'Second profile is the same within 0.4 °C.'),
    reply(sarah, 30, 1, 'OK from quality.'),
  ],
  ({ round }) => [
    say(mei, 10, `交班紀錄 ${round}：溫度穩定中，沒有新的不良。下一班注意 5 區風扇。`),
  ],
  ({ board }) => [
    say(shuFen, 15, `第 ${board} 片外觀有點黃，正常嗎？`),
    reply(sarah, 45, 1, 'Flux residue, wipes off. Not the oven.'),
    reply(shuFen, 15, 1, '了解 😅'),
  ],
]
