/** Forms that stations type at visits for a disease, by `content/demo/typed-forms.csv`: one of its rows, by their weights. */
import { plusDays } from './days.ts';
import type { Making } from './making.ts';
import type { Person } from './person.ts';
import { FORM_DAYS } from './pregnancy-forms.ts';
import { randomOf } from './random.ts';
import type { FilledForm, Visit } from './visit.ts';

/** Forms of a visit of the last days; none of older ones. */
export function typedForms(visit: Visit, person: Person, making: Making): FilledForm[] {
  if (visit.kind !== 'AMB' || visit.day < plusDays(making.today, -FORM_DAYS)) return [];
  const rows = making.content.table('demo/typed-forms');
  const random = randomOf(making.seed, 'typed-forms', person.serial, visit.day);
  const filled = new Map<string, FilledForm>();
  for (const code of visit.diagnoses) {
    const fitting = rows.filter(({ icd10 }) => icd10 === code);
    if (fitting.length === 0) continue;
    const { form = '', typed = '{}' } = random.weighted(fitting, ({ weight }) => Number(weight));
    if (!filled.has(form)) filled.set(form, { key: form, typed: JSON.parse(typed) as FilledForm['typed'] });
  }
  return [...filled.values()];
}
