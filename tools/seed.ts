/**
 * Demo people and rooms for a fresh local database. Safe to run on every start.
 * STUB: does nothing yet; its author replaces the body and the list.
 */

export type DemoPerson = { user_id: string; display_name: string; about: string }

export const demoPeople: DemoPerson[] = []

export async function seed(_url: string): Promise<void> {}
