/**
 * Whether a menu is open, and beside which button. The press that closes an open popover (the
 * browser does that on pointerdown) must not open it again with its click.
 */
export class MenuToggle {
  #anchor: HTMLElement | undefined = $state.raw()
  #was_open = false

  get anchor(): HTMLElement | undefined {
    return this.#anchor
  }

  get is_open(): boolean {
    return this.#anchor !== undefined
  }

  onpointerdown(): void {
    this.#was_open = this.is_open
  }

  toggle(anchor: HTMLElement): void {
    const closes = this.#was_open
    this.#was_open = false
    this.#anchor = closes ? undefined : anchor
  }

  close(): void {
    this.#anchor = undefined
  }
}
