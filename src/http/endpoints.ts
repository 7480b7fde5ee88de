/** Every endpoint there is: what the app mounts and the OpenAPI document describes. */
import { adminConfigurationEndpoints } from './admin-configuration.ts'
import { adminAlertEndpoints } from './admin-alerts.ts'
import { adminDatabaseEndpoints } from './admin-database.ts'
import { adminDispatchEndpoints } from './admin-dispatch.ts'
import { adminOperationsEndpoints } from './admin-operations.ts'
import { authEndpoints } from './auth.ts'
import type { Endpoint } from './endpoint.ts'
import { fileEndpoints } from './files.ts'
import { healthEndpoints } from './health.ts'
import { inboxEndpoints } from './inbox.ts'
import { limitEndpoints } from './limits.ts'
import { meEndpoints } from './me.ts'
import { memberEndpoints } from './members.ts'
import { messageChangeEndpoints } from './message-changes.ts'
import { messageEndpoints } from './messages.ts'
import { metricsEndpoints } from './metrics.ts'
import { noticeEndpoints } from './notices.ts'
import { notificationEndpoints } from './notifications.ts'
import { oneWayBatchEndpoints } from './one-way-batch.ts'
import { oneWayTrackingEndpoints } from './one-way-tracking.ts'
import { oneWayEndpoints } from './one-way.ts'
import { pushEndpoints } from './push.ts'
import { reportEndpoints } from './report.ts'
import { roomEndpoints } from './rooms.ts'
import { searchEndpoints } from './search.ts'
import { socketEndpoints } from './socket.ts'
import { verifyEndpoints } from './verify.ts'
import { webhookEndpoints } from './webhook.ts'

export const endpoints: readonly Endpoint[] = [
  ...authEndpoints,
  ...meEndpoints,
  ...limitEndpoints,
  ...roomEndpoints,
  ...memberEndpoints,
  // Before those that take a message's id where these have a word.
  ...searchEndpoints,
  ...messageEndpoints,
  ...messageChangeEndpoints,
  ...oneWayEndpoints,
  ...oneWayBatchEndpoints,
  ...oneWayTrackingEndpoints,
  ...reportEndpoints,
  ...verifyEndpoints,
  ...fileEndpoints,
  ...inboxEndpoints,
  ...notificationEndpoints,
  ...pushEndpoints,
  ...noticeEndpoints,
  ...webhookEndpoints,
  ...socketEndpoints,
  ...healthEndpoints,
  ...metricsEndpoints,
  ...adminDatabaseEndpoints,
  ...adminDispatchEndpoints,
  ...adminConfigurationEndpoints,
  ...adminOperationsEndpoints,
  ...adminAlertEndpoints,
]
