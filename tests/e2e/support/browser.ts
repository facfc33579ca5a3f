/** A real Chromium for the end-to-end tests: it comes with npm and starts on a bare Debian. */
import assert from 'node:assert/strict';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';

/** Nothing may leave the machine, and nothing may run in the background. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
];

/** Sizes of the faces (ui.md, Looking at it). */
export const SIZES = {
  staff: { width: 1366, height: 768 },
  citizen: { width: 390, height: 844 },
  wall: { width: 1920, height: 1080 },
} as const;

export type Size = keyof typeof SIZES;

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: FLAGS, headless: true });
}

export interface Visit extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** What the page complained about: errors thrown and `console.error`. A test ends with none. */
  complaints: string[];
  /** What the content security policy refused on any page of the visit. Closing the visit fails when there is any. */
  refused: string[];
}

/** Runs in every page before its own scripts. */
function tellOfRefusals(): void {
  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample, documentURI } = event;
    (window as unknown as { ybaRefused(text: string): void }).ybaRefused(
      `${effectiveDirective} refused ${blockedURI} ${sample} of ${sourceFile}:${lineNumber} on ${documentURI}`,
    );
  });
}

/** A visitor of their own: no cookies or drafts of anyone else. The clock of the machine stands in Viet Nam. */
export async function visit(browser: Browser, address: string, size: Size = 'staff'): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: address,
    viewport: SIZES[size],
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    reducedMotion: 'reduce',
    hasTouch: size === 'citizen',
  });
  // Tests that promise a time say so; all others wait as long as a busy machine needs.
  context.setDefaultTimeout(30_000);
  const refused: string[] = [];
  await context.exposeFunction('ybaRefused', (text: string) => void refused.push(text));
  await context.addInitScript(tellOfRefusals);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // A refused or unreachable address is reported by the browser itself; the tests provoke both on purpose.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  return {
    page,
    context,
    complaints,
    refused,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      assert.deepEqual(refused, [], 'the content security policy refused something of a page');
    },
  };
}
