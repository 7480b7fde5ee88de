/** What a signed-in person finds behind their own name. */
import type { Locator, Page } from 'playwright-core'

export const openSettings = async (page: Page): Promise<Locator> => {
  await choose(page, 'Settings')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await dialog.waitFor()
  return dialog
}

export const signOut = async (page: Page): Promise<void> => {
  await choose(page, 'Sign out')
  await page.getByRole('heading', { name: 'Sign in to Muster' }).waitFor()
}

const choose = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation').locator('footer [aria-haspopup=menu]').click()
  await page.getByRole('menuitem', { name }).click()
}
