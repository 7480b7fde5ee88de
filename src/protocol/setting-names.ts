/**
 * The settings that operators change while Muster runs (OPS-4), by group. What each of them means
 * is said in `domain/configuration`; in upper case the name is that of its environment variable.
 */
import type { ConfigurationGroup } from './configuration.ts'

export const settingNames = {
  pool: ['db_pool_size', 'db_max_overflow', 'db_pool_timeout', 'db_pool_recycle', 'db_slow_ms'],
  rooms: [
    'commit_mode',
    'commit_batch_max_count',
    'commit_batch_max_bytes',
    'gather_ms',
    'pending_max_count',
    'pending_max_bytes',
    'commit_wait_max_ms',
    'edit_window_minutes',
    'resume_max_changes',
    'recent_max_count',
    'recent_max_bytes',
  ],
  sockets: [
    'heartbeat_interval_ms',
    'heartbeat_timeout_ms',
    'presence_grace_ms',
    'presence_detail_max_count',
    'lag_shed_bytes',
    'lag_max_bytes',
  ],
  bursts: [
    'dispatch_buffer_max_count',
    'dispatch_buffer_max_bytes',
    'dispatch_batch_max_count',
    'dispatch_slow_low_ratio',
    'dispatch_slow_normal_ratio',
    'dispatch_retry_min_ms',
    'dispatch_retry_max_ms',
    'dispatch_attempts_max_count',
    'burst_batch_max_count',
  ],
  rate_limits: [
    'rate_limit_window',
    'rate_limit_basic',
    'rate_limit_premium',
    'rate_limit_enterprise',
  ],
  shedding: [
    'shed_commit_ms',
    'shed_pool_wait_ms',
    'shed_pool_waiting_share',
    'shed_queue_age_ms',
    'shed_queue_share',
    'shed_down_share',
    'shed_stay_ms',
  ],
  alerts: [
    'alert_error_ratio',
    'alert_commit_p99_ms',
    'alert_pool_wait_p99_ms',
    'alert_room_queue_p99_ms',
    'alert_buffer_fill',
    'alert_queue_age_s',
    'alert_memory_fill',
    'alert_slow_statements_per_s',
    'alert_level',
    'alert_for_s',
    'alert_clear_share',
  ],
} as const satisfies Readonly<Record<ConfigurationGroup, readonly string[]>>

export type SettingNameOf<Group extends ConfigurationGroup> = (typeof settingNames)[Group][number]

export type SettingName = SettingNameOf<ConfigurationGroup>

export type SettingVariable = Uppercase<SettingName>
