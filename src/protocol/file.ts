/** Files: what is known of an upload, wherever it is shown (API-5). */
import * as z from 'zod/mini'
import { Uuid } from './scalars.ts'

/** As a message carries it. */
export const FileDetails = z.object({
  file_id: Uuid,
  name: z.string(),
  /** Bytes. */
  size: z.int(),
  /** As found in the bytes, not as the uploader claimed. */
  content_type: z.string(),
  /** Pixels; null for what is no image. */
  width: z.nullable(z.int()),
  height: z.nullable(z.int()),
})
export type FileDetails = z.infer<typeof FileDetails>

/** Where a file is read; each reading asks whether its reader is a member. */
export const fileUrl = (file_id: string): string => `/api/files/${file_id}`
