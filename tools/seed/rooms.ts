/** The three rooms of the demo, and when they happened. */
import { chillerLeak } from './chiller-leak.ts'
import { labelDrift } from './label-drift.ts'
import { ovenDrift } from './oven-drift.ts'
import { chihHao, james, mei } from './people.ts'
import { secondsOf, type DemoRoom, type Line } from './story.ts'

const minute = 60_000
const hour = 60 * minute

/** @param now in ms since the epoch: the critical room is still talking about then */
export function demoRooms(now: number): DemoRoom[] {
  return [
    {
      ...ending(now - 40 * hour, ovenDrift),
      room_id: '019aa000-0000-7000-8000-000000000001',
      owner: james,
      unread: 0,
      details: {
        title: '回焊爐 2 號第 5 區溫度漂移 Reflow oven 2: zone 5 drifts',
        incident_type: 'equipment_failure',
        severity: 'high',
        location: 'Fab B, SMT line 3',
        description:
          'Zone 5 runs hotter than its setpoint since the night shift; solder joints of four lots are in question.',
        lots: ['A12-75', 'A12-76', 'A12-77', 'A12-78'],
      },
    },
    {
      ...ending(now - 50 * minute, labelDrift),
      room_id: '019aa000-0000-7000-8000-000000000002',
      owner: mei,
      unread: 2,
      details: {
        title: 'Monitoring: 包裝線標籤偏移 label drift after print head change',
        incident_type: 'quality_issue',
        severity: 'medium',
        location: 'Packing 1',
        description: 'Labels 2 mm off since lot B07-13. Print head replaced, under observation.',
        lots: ['B07-13', 'B07-14'],
      },
    },
    {
      ...ending(now - minute, chillerLeak),
      room_id: '019aa000-0000-7000-8000-000000000003',
      owner: chihHao,
      unread: 5,
      details: {
        title: '冰水主機 1 號洩漏，蝕刻區停線 Chiller 1 leaks, etch bay stopped',
        incident_type: 'equipment_failure',
        severity: 'critical',
        location: 'Fab A, etch bay 2',
        description: 'Cooling water lost in etch bay 2. Six chambers stopped, lots on hold.',
        lots: ['A12-77', 'C03-01', 'C03-02'],
      },
    },
  ]
}

function ending(at: number, lines: readonly Line[]): Pick<DemoRoom, 'opened_at' | 'lines'> {
  return { opened_at: at - secondsOf(lines) * 1_000, lines }
}
