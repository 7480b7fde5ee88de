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

/** What an upload answers. A message then refers to `file_id`. */
export const UploadedFile = z.object({
  file_id: Uuid,
  file_url: z.string(),
  /** Without a path and without characters that hide or reorder others. */
  name: z.string(),
  /** Bytes. */
  size: z.int(),
  content_type: z.string(),
  /** Pixels, as shown upright; left out where they cannot be told. */
  width: z.optional(z.int()),
  height: z.optional(z.int()),
})
export type UploadedFile = z.infer<typeof UploadedFile>
