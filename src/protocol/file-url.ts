/** The address of a file, for who builds or shows one; without the schemas, for the page. */

/** Where a file is read; each reading asks whether its reader is a member. */
export const fileUrl = (file_id: string): string => `/api/files/${file_id}`
