/** A form of 500 items: from a key to the picture, with the processor of the browser slowed six times; and until it can be typed in. */
import type { Page } from 'playwright-core';
import { longForm } from '../tests/e2e/forms.testing.ts';
import { Consulting } from '../tests/e2e/support/consulting.ts';
import { openProvince } from '../tests/e2e/support/province.ts';
import { quantile, report } from './bench.ts';
import { millisecondsOfKeys } from './page-thread.ts';

const ITEMS = 500;
const SLOWED = 6;
const KEYS = 60;

await using province = await openProvince({ people: 10 });
await province.program.house.kernel.gate.system('bench').update(longForm(ITEMS));
const consulting = new Consulting(province);
const { patient } = await consulting.arrive('Nguyễn Thị Hồng Nhung');
await using guest = await consulting.doctor();
const { page } = guest;
const devtools = await guest.context.newCDPSession(page);
await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });

await page.addInitScript(measureOpening, ITEMS);
await page.goto(`/bieu-mau/thu-rat-dai?nguoi=${patient}`);
const { inSight, whole } = await openingOf();

/** Asked as one plain word and seldom: what a test brings into the page to look at it would itself take the page's time. */
async function openingOf(): Promise<Opening> {
  const expression = "'whole' in window ? { inSight, whole } : null";
  for (let round = 0; round < 120; round++) {
    const { result } = await devtools.send('Runtime.evaluate', { expression, returnByValue: true });
    if (result.value) return result.value as Opening;
    await new Promise((later) => setTimeout(later, 500));
  }
  throw new Error('the form was not drawn within a minute');
}

/** Milliseconds since the address was asked for. */
interface Opening {
  /** The frame that shows the first field. */
  inSight: number;
  /** The last field stands in the page. */
  whole: number;
}

/** Runs in the page before anything else: everything from the address on, the program's start in the browser with it. */
function measureOpening(items: number): void {
  const here = window as unknown as Partial<Opening>;
  const watcher = new MutationObserver(() => {
    const fields = document.querySelectorAll('[data-field]').length;
    if (fields > 0 && here.inSight === undefined) {
      here.inSight = Number.NaN;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          here.inSight = performance.now();
        };
        channel.port2.postMessage(null);
      });
    }
    if (fields < items) return;
    here.whole = performance.now();
    watcher.disconnect();
  });
  document.addEventListener('DOMContentLoaded', () =>
    watcher.observe(document.body, { childList: true, subtree: true }),
  );
}

/** Milliseconds from each key to the end of the frame that shows it, as the browser itself measures them. */
async function keysIn(of: Page, label: string, text: string): Promise<number[]> {
  await of.getByLabel(label, { exact: true }).focus();
  await of.evaluate(measureKeys);
  for (const letter of text) {
    await of.keyboard.type(letter);
    await of.waitForTimeout(120);
  }
  return of.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
}

async function typeSlowly(of: Page): Promise<void> {
  for (const letter of 'met moi an kem ho sot '.repeat(2)) {
    await of.keyboard.type(letter);
    await of.waitForTimeout(90);
  }
}

/** Runs in the page: the first task after the frame that follows a key is the moment at which the picture is handed over. */
function measureKeys(): void {
  const here = window as unknown as { keyTimes: number[]; measures?: boolean };
  here.keyTimes = [];
  if (here.measures) return;
  here.measures = true;
  window.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => here.keyTimes.push(performance.now() - timeStamp);
        channel.port2.postMessage(null);
      });
    },
    true,
  );
}

const words = await keysIn(page, 'Câu hỏi số 1', 'mệt mỏi ăn kém '.repeat(KEYS / 15));
const numbers = await keysIn(page, 'Câu hỏi số 9', '123456789'.repeat(2));
// Far down, where everything above and below is laid out lazily.
const middle = await keysIn(page, 'Câu hỏi số 251', 'đau ngực trái');
await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
await page.getByLabel('Câu hỏi số 1', { exact: true }).focus();
const ofForm = await millisecondsOfKeys(devtools, () => typeSlowly(page));

// What the browser and the machine take for a key where there is nothing but one field.
const empty = await guest.context.newPage();
const ofEmpty = await guest.context.newCDPSession(empty);
await empty.setContent('<input aria-label="Trống">');
await ofEmpty.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
const alone = await keysIn(empty, 'Trống', 'mệt mỏi ăn kém '.repeat(KEYS / 15));
await ofEmpty.send('Emulation.setCPUThrottlingRate', { rate: 1 });
const ofField = await millisecondsOfKeys(ofEmpty, () => typeSlowly(empty));

const all = [...words, ...numbers, ...middle];
report({
  bench: 'form',
  what: `A form of ${ITEMS} items (fifty of them calculated) in Chromium with its processor slowed ${SLOWED} times, ${all.length} keys typed one by one`,
  figures: [
    { name: 'key to paint, median', value: quantile(all, 0.5), unit: 'ms' },
    { name: 'key to paint, p95', value: quantile(all, 0.95), unit: 'ms', bar: { atMost: 50 } },
    { name: 'key to paint, longest', value: Math.max(...all), unit: 'ms' },
    {
      name: 'key that another field is calculated from, p95',
      value: quantile(numbers, 0.95),
      unit: 'ms',
      bar: { atMost: 50 },
    },
    { name: 'key to paint in an empty page with one field, median', value: quantile(alone, 0.5), unit: 'ms' },
    { name: 'key to paint in an empty page with one field, p95', value: quantile(alone, 0.95), unit: 'ms' },
    {
      name: `processor of the page for a key, times ${SLOWED} (however busy the machine is)`,
      value: ofForm * SLOWED,
      unit: 'ms',
    },
    { name: 'the same in an empty page with one field', value: ofField * SLOWED, unit: 'ms' },
    { name: 'from the address to the form in sight', value: inSight, unit: 'ms', bar: { atMost: 1000 } },
    { name: 'all items drawn', value: whole, unit: 'ms' },
  ],
});
