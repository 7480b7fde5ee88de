/** The critical room of the demo: it is happening now. */
import { chihHao, daniel, james, mei, sarah, shuFen } from './people.ts'
import { add, change, reply, say, type Line } from './story.ts'

export const chillerLeak: readonly Line[] = [
  add(chihHao, mei, 'owner'),
  add(chihHao, james, 'editor'),
  add(chihHao, sarah, 'editor'),
  say(chihHao, 15, '冰水主機 1 號壓力掉到 1.2 bar，地面有積水。蝕刻 2 區六個腔體已自動停機。'),
  say(james, 40, 'On my way. Which chambers exactly, and is the floor drain holding?'),
  reply(chihHao, 35, 1, 'E21–E26 全停。排水還撐得住，約 3 L/min。'),
  say(mei, 50, '@Sarah Chen @王淑芬 A12-77 正在 E23 裡面，請先 hold，不要移動。'),
  add(mei, shuFen, 'editor'),
  reply(sarah, 45, 1, 'A12-77, C03-01 and C03-02 are on hold in MES. 61 wafers.'),
  say(
    james,
    60,
    'Supply 14.8 °C and rising 0.4 °C/min. We have about 20 min before the pumps trip.',
  ),
  say(mei, 30, '先切到 2 號主機可以嗎？'),
  reply(james, 40, 1, 'Chiller 2 has 40 % headroom. It carries three chambers, not six.'),
  say(mei, 20, '好，先救 E21、E22、E23。其他三台保持停機。'),
  reply(chihHao, 90, 1, '閥門已切換，水溫開始往下降。'),
  say(
    james,
    120,
    'Supply temperature after the switch:\n0 min  17.9 °C\n3 min  16.1 °C\n6 min  14.2 °C\n9 min  12.6 °C',
  ),
  say(sarah, 45, 'Chamber E23 stayed below 22 °C the whole time, so A12-77 is probably fine 🤞'),
  say(shuFen, 70, '後面還有 C03-03、C03-04 在路上，要攔在 stocker 嗎？'),
  reply(mei, 25, 1, '要，攔下來。優先順序：A12-77 > C03-01 > C03-02。'),
  reply(shuFen, 40, 1, '已攔 👍'),
  say(chihHao, 180, '找到漏點：出水側法蘭墊片破損，照片等一下補。'),
  add(mei, daniel, 'viewer'),
  say(mei, 30, '@Daniel Okafor 原廠有沒有同型號墊片？料號 GK-450-EPDM。'),
  change(mei, 10, {
    description:
      'Gasket of the outlet flange is torn. Chiller 2 carries E21–E23; E24–E26 stay down.',
  }),
  { kind: 'role', by: mei, after_s: 40, person: daniel, role: 'editor' },
  reply(
    daniel,
    80,
    1,
    'Two in our Hsinchu stock. A courier can be at your gate in 50 minutes. Torque is 95 N·m, cross pattern, please do not reuse the bolts.',
  ),
  reply(mei, 30, 1, '太好了，請出發。大門我通知警衛。'),
  say(james, 240, 'Chiller 1 isolated and drained. Lockout tag 0417 is mine.'),
  say(sarah, 200, 'Particle count in the bay is normal: 12 per m³ at 0.3 µm.'),
  say(chihHao, 300, '法蘭面已清潔，沒有刮傷。等墊片。'),
  say(mei, 400, '目前狀況：E21–E23 運轉中，E24–E26 停。墊片半小時內到，二十分鐘後再更新。'),
  reply(james, 60, 1, 'Agreed. Chiller 2 at 91 % load, discharge 46 °C, stable.'),
  say(daniel, 500, 'Courier is on the expressway, 18 minutes out.'),
  say(shuFen, 120, '倉庫新螺栓 M16×60 共 12 支，已送到現場。'),
  reply(chihHao, 30, 1, '收到 🙏'),
  say(sarah, 240, 'First look at A12-77: film thickness within spec on 5 of 5 sites.'),
  say(
    james,
    200,
    '@陳志豪 once the gasket is in: pressure test at 4 bar for 10 minutes before we open the valve.',
  ),
  reply(chihHao, 45, 1, '了解，4 bar、10 分鐘。'),
]
