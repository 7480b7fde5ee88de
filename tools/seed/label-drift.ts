/** The room of the demo that is being watched: mended, and not yet closed. */
import { chihHao, mei, sarah, shuFen } from './people.ts'
import { add, change, reply, say, type Line } from './story.ts'

const hours = 3_600

export const labelDrift: readonly Line[] = [
  add(mei, chihHao, 'editor'),
  add(mei, sarah, 'editor'),
  add(mei, shuFen, 'editor'),
  say(shuFen, 30, '出貨檢查發現 B07-13 的標籤往右偏 2 mm，條碼掃得到但客戶會退。'),
  say(mei, 60, '先停包裝 1 線，已印的全部攔下來。'),
  reply(shuFen, 90, 1, '已停。攔下 340 箱，其中 112 箱已上棧板。'),
  say(chihHao, 300, '印字頭定位銷磨損，左右晃動約 1.8 mm。'),
  say(sarah, 120, 'Measured 20 labels: mean offset 2.1 mm, σ 0.3 mm. Limit is ±1.0 mm.'),
  reply(chihHao, 60, 1, '跟定位銷的間隙吻合。備品有，40 分鐘可以換好。'),
  reply(mei, 20, 1, '換。'),
  say(chihHao, 2_600, '印字頭換好了，試印 50 張。'),
  say(sarah, 400, '50 labels: mean 0.2 mm, σ 0.1 mm. Good.'),
  change(mei, 60, {
    description: 'Print head replaced. Labels are measured every hour until tomorrow noon.',
  }),
  say(mei, 15, '復線，降速 60 %，每小時量 20 張。@Sarah Chen @王淑芬 麻煩輪流。'),
  say(shuFen, 1 * hours, '第 1 小時：平均 0.2 mm，最大 0.4 mm ✅'),
  say(sarah, 1 * hours, 'Hour 2: mean 0.2 mm, max 0.5 mm ✅'),
  say(shuFen, 1 * hours, '第 3 小時：平均 0.3 mm，最大 0.6 mm ✅'),
  say(mei, 300, '穩定，速度拉回 100 %。繼續觀察。'),
  say(sarah, 1 * hours, 'Hour 4, full speed: mean 0.3 mm, max 0.6 mm ✅'),
  reply(mei, 120, 1, '維持到明天中午沒有異常就結案。'),
  say(shuFen, 1 * hours, '第 5 小時：平均 0.3 mm，最大 0.5 mm ✅ B07-14 已開始包裝。'),
]
