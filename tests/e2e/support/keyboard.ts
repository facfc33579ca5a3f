/** Working by keyboard alone, as the path of a visit must be workable. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Presses Tab until the focus is on something with this accessible name; fails after `limit` stops. */
export async function tabTo(page: Page, name: string | RegExp, limit = 60): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < limit; stop++) {
    const now = await focusedName(page);
    seen.push(now);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach ${name}; it stopped at: ${seen.join(' · ')}`);
}

/** The accessible name of what has the focus: its label, or its words. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLInputElement | null;
    const label = at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '';
    return label.replace(/\s*\*\s*$/, '').trim();
  });
}

/**
 * Types as an input method does that composes letters (Telex, VNI on many systems): each step replaces what is being
 * composed, `text` is what stays. Uses the browser's own composition, not made-up events.
 */
export async function compose(page: Page, steps: readonly string[], text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const step of steps) {
    await session.send('Input.imeSetComposition', {
      text: step,
      selectionStart: step.length,
      selectionEnd: step.length,
    });
  }
  await session.send('Input.insertText', { text });
  await session.detach();
}
