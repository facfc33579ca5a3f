/** The whole program on a fresh data folder with a small demo province, and people who use it in a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { withDatabase } from '../../../kernel/store/testing.ts';
import { DEMO_PASSWORD } from '../../../main/demo.ts';
import { type Program, startProgram } from '../../../main/program.ts';
import type { ProgramSettings } from '../../../main/settings.ts';
import { buildWeb } from '../../../web/build.ts';
import { launchBrowser, type Size, type Visit, visit } from './browser.ts';

export interface Province extends AsyncDisposable {
  program: Program;
  browser: Browser;
  /** Opens a browser of their own for somebody who is not signed in. */
  open(size?: Size): Promise<Visit>;
  /** Signs a demo account in through the sign-in page and waits for their first workplace. */
  signIn(username: string, size?: Size): Promise<Visit>;
}

/**
 * @param options.people citizens of the demo province; `now` stops the program's clock; `day` lets the day's people come,
 * otherwise only those whom the test checks in; `settings` name content and systems beside the program's own
 */
export async function openProvince(
  options: { people?: number; now?: () => Date; day?: boolean; settings?: Partial<ProgramSettings> } = {},
): Promise<Province> {
  await buildWeb();
  const database = await withDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), 'yba-e2e-'));
  const [program, browser] = await Promise.all([
    startProgram(
      {
        databaseUrl: database.url,
        dataFolder,
        port: 0,
        demo: true,
        people: options.people ?? 60,
        ...options.settings,
      },
      {
        ...(options.now ? { now: options.now } : {}),
        generate: options.day ? true : 'people',
        log: () => undefined,
      },
    ),
    launchBrowser(),
  ]);
  const open = (size?: Size) => visit(browser, program.address, size);
  return {
    program,
    browser,
    open,
    signIn: async (username, size) => {
      const guest = await open(size);
      await guest.page.goto('/');
      await signInOn(guest.page, username);
      await guest.page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      return guest;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await program.stop();
      await database.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

/** By keyboard, as people do: name, Enter, password, Enter. */
export async function signInOn(page: Page, username: string, password = DEMO_PASSWORD): Promise<void> {
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.keyboard.press('Enter');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByLabel('Tên đăng nhập').waitFor({ state: 'detached' });
}
