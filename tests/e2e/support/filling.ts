/** The demo doctor before a form of somebody who has checked in. */
import type { Page } from 'playwright-core';
import type { Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { Size } from './browser.ts';
import { Consulting } from './consulting.ts';
import type { Province } from './province.ts';

export class Filling {
  readonly #province: Province;
  readonly #consulting: Consulting;
  #arrivals = 0;

  constructor(province: Province) {
    this.#province = province;
    this.#consulting = new Consulting(province);
  }

  publish(form: Questionnaire): Promise<unknown> {
    return this.#province.program.house.kernel.gate.system('e2e').update(form);
  }

  /** The form of somebody new, or of a patient who is there already. */
  async open(key = 'thu-moi-loai', patient?: string, size?: Size) {
    this.#arrivals += 1;
    const name = `Nguyễn Thị Hồng Nhung ${this.#arrivals}`;
    const about = patient ?? (await this.#consulting.arrive(name)).patient;
    const guest = await this.#consulting.doctor(size);
    await guest.page.goto(`/bieu-mau/${key}?nguoi=${about}`);
    await guest.page.locator('[data-field]').first().waitFor();
    return { ...guest, patient: about, [Symbol.asyncDispose]: guest[Symbol.asyncDispose] };
  }

  /** The next window signs in anew: a session ends when the program's clock is set forward. */
  newDay(): void {
    this.#consulting.newDay();
  }

  async answersOf(patient: string): Promise<QuestionnaireResponse[]> {
    const found = await this.#province.program.house.kernel.gate
      .system('e2e')
      .search('QuestionnaireResponse', [['patient', `Patient/${patient}`]]);
    return found.matches;
  }
}

/** The first control of a label, required or not. */
export const box = (page: Page, label: string) => page.getByLabel(new RegExp(`^${label}( \\*)?$`)).first();

export const savedDraft = (page: Page) => page.getByText(/^Đã ghi nháp/).waitFor({ timeout: 15_000 });
