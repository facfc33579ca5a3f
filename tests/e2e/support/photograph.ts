/** Pictures of every screen, made by the tests and looked at by people. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { SIZES, type Size } from './browser.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'pictures', 'current');

/**
 * Photographs the window as it is shown, at one or more sizes, into `tests/pictures/current/<name>[.<size>].png`.
 * Waits for the fonts, so that no picture shows a fallback.
 */
export async function photograph(page: Page, name: string, sizes: readonly Size[] = []): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  const path = (suffix: string) => join(FOLDER, `${name}${suffix}.png`);
  if (sizes.length === 0) {
    await page.screenshot({ path: path('') });
    return;
  }
  const before = page.viewportSize();
  for (const size of sizes) {
    await page.setViewportSize(SIZES[size]);
    // Two frames: one for the sizes to be measured, one to be drawn.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await page.screenshot({ path: path(`.${size}`) });
  }
  if (before) await page.setViewportSize(before);
}

/** Fails when the page is wider than its window: a screen never scrolls sideways. */
export async function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
