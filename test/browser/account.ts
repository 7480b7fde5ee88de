/** What a signed-in person finds beside their own name. */
import type { Locator, Page } from 'playwright-core'

export const openSettings = async (page: Page): Promise<Locator> => {
  await page.getByRole('button', { name: 'Settings' }).click()
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.waitFor()
  return dialog
}

export const signOut = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
}
