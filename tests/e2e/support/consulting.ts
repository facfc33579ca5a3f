/** The demo doctor at work: a patient who has come, the consultation opened, diagnosed and prescribed by keyboard. */
import type { BrowserContext, Page } from 'playwright-core';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { arrivalOf, putAll } from './arrival.ts';
import type { Size } from './browser.ts';
import type { Province } from './province.ts';

export interface Allergy {
  code: string;
  text: string;
}

export class Consulting {
  readonly #province: Province;
  #arrivals = 0;
  #session: Awaited<ReturnType<BrowserContext['cookies']>> | undefined;

  constructor(province: Province) {
    this.#province = province;
  }

  /** Someone who has checked in. */
  async arrive(name: string, birthDate?: string, allergies: readonly Allergy[] = []) {
    this.#arrivals += 1;
    const { patient, encounter, subject, meta, resources } = arrivalOf(this.#province, {
      name,
      citizenNumber: `09916800${String(this.#arrivals).padStart(4, '0')}`,
      ticket: String(900 + this.#arrivals),
      ...(birthDate ? { birthDate } : {}),
    });
    const system = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
    const known = allergies.map(
      ({ code, text }): Resource => ({
        resourceType: 'AllergyIntolerance',
        id: this.#province.program.kernel.store.newId('AllergyIntolerance', patient),
        meta,
        clinicalStatus: { coding: [{ system, code: 'active' }] },
        criticality: 'high',
        code: { coding: [{ system: cs.ingredient, code }], text },
        patient: subject,
      }),
    );
    await putAll(this.#province, [...resources, ...known]);
    return { patient, encounter };
  }

  /** A window of the demo doctor; signed in once, since sign-ins are counted. */
  async doctor(size?: Size) {
    if (!this.#session) {
      const first = await this.#province.signIn('bacsi');
      this.#session = await first.context.cookies();
      await first[Symbol.asyncDispose]();
    }
    const guest = await this.#province.open(size);
    await guest.context.addCookies(this.#session);
    return guest;
  }

  /** The next window signs in anew: a session ends when the program's clock is set forward. */
  newDay(): void {
    this.#session = undefined;
  }

  /** A visit opened that is already the doctor's. */
  async open(name: string, more: { allergies?: readonly Allergy[]; birthDate?: string; size?: Size } = {}) {
    const ids = await this.arrive(name, more.birthDate, more.allergies);
    const guest = await this.doctor(more.size);
    await guest.page.goto(`/kham/${ids.encounter}`);
    await guest.page.getByText('Người bệnh đang chờ, chưa vào khám').waitFor();
    await guest.page.keyboard.press('F8');
    await guest.page.getByLabel('Mạch').waitFor();
    return { ...guest, ...ids, [Symbol.asyncDispose]: guest[Symbol.asyncDispose] };
  }
}

export const bySaved = (page: Page) => page.getByText('Đã lưu', { exact: true }).waitFor();

export async function chooseDiagnosis(page: Page, typed: string, code: string): Promise<void> {
  await page.getByRole('combobox', { name: /ICD-10/ }).fill(typed);
  await page.getByRole('option').filter({ hasText: code }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Chẩn đoán' }).getByText(code, { exact: true }).waitFor();
}

/** F3, the name, Enter, then the cells by Enter. */
export async function prescribe(
  page: Page,
  typed: string,
  name: string,
  cells: readonly string[],
): Promise<void> {
  await page.keyboard.press('F3');
  await page.keyboard.type(typed);
  await page.getByRole('option').filter({ hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (label) =>
      document.activeElement?.getAttribute('id') &&
      document.querySelector(`label[for="${document.activeElement.id}"]`)?.textContent?.includes(label),
    name,
  );
  for (const cell of cells) {
    await page.keyboard.type(cell);
    await page.keyboard.press('Enter');
  }
}
