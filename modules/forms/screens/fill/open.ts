/** Opens what the server has given as a form that can be filled: small value sets and searches that its expressions want first. */
import { type Form, openForm } from '../../../../engines/forms/browser.ts';
import type {
  Bundle,
  Coding,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  ValueSet,
} from '../../../../kernel/fhir/types.ts';
import { api, language } from '../../../../web/ui/index.ts';
import type { OpenedForm } from '../../contract.ts';

/** Value sets of so many members stand in the form as lists; larger ones are searched. */
const IN_THE_FORM = 20;

export type ValueSets = ReadonlyMap<string, readonly Coding[]>;

/** Members of the small value sets that a form names. One that cannot be had is searched in its field, which says why. */
export async function valueSetsOf(form: Questionnaire): Promise<ValueSets> {
  const urls = urlsIn(form);
  const found = await Promise.all(
    urls.map(async (url) => {
      const asked = new URLSearchParams({ url, count: String(IN_THE_FORM + 1) });
      const set = await api.get<ValueSet>(`/fhir/ValueSet/$expand?${asked}`).catch(() => null);
      const members = set?.expansion?.contains;
      return members && members.length <= IN_THE_FORM ? ([url, members.map(codingOf)] as const) : null;
    }),
  );
  return new Map(found.filter((one) => one !== null));
}

/** Whether the form has lists that only the server knows. */
export const namesValueSets = (form: Questionnaire): boolean => urlsIn(form).length > 0;

const urlsIn = (form: Questionnaire) =>
  [...new Set(namedIn(form.item ?? []))].filter((url) => !url.startsWith('#'));

const codingOf = ({ system, code, display }: Coding) => ({ system, code, display }) as Coding;

const UNIT_SET = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet';

function namedIn(items: readonly QuestionnaireItem[]): string[] {
  return items.flatMap(({ answerValueSet, item, extension }) => [
    ...(extension ?? []).flatMap(({ url, valueCanonical }) =>
      url === UNIT_SET ? (valueCanonical ?? []) : [],
    ),
    ...(answerValueSet ? [answerValueSet] : []),
    ...namedIn(item ?? []),
  ]);
}

/** @param response what it begins with: populated, a draft, or the response that is amended */
export function openFilled(opened: OpenedForm, response: QuestionnaireResponse, sets: ValueSets): Form {
  return openForm(opened.form, {
    response,
    now: new Date(),
    language: language(),
    context: opened.context,
    asides: true,
    ...(opened.previous ? { previous: opened.previous } : {}),
    options: (valueSet) => sets.get(valueSet) ?? null,
  });
}

/** Asks the searches that expressions of the form want, and again when answers make new ones. @returns what ends it */
export function supplySearches(form: Form): () => void {
  const asked = new Set<string>();
  const ask = () => {
    for (const query of form.wanted()) {
      if (asked.has(query)) continue;
      asked.add(query);
      api.get<Bundle>(`/fhir/${query}`).then(
        (found) => form.supply(query, found),
        () => form.supply(query, null),
      );
    }
  };
  ask();
  return form.onChange(ask);
}
