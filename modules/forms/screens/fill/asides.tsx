/** What of the record helps to answer a question: searches of the form with their names, folded until somebody looks. */
import type { Aside } from '../../../../engines/forms/browser.ts';
import type { Resource } from '../../../../kernel/fhir/types.ts';
import { formatDateTime, formatNumber, Text, t } from '../../../../web/ui/index.ts';

export function Asides({ asides }: { asides: readonly Aside[] }) {
  return asides.map(({ label, found }) => (
    <details className="fm-aside" key={label}>
      <summary>
        {label || t('forms.aside', 'Xem thêm')}
        {found && ` (${found.length})`}
      </summary>
      {found === null && (
        <Text size={13} tone="soft">
          {t('forms.aside-unknown', 'Chưa đọc được, hoặc không được xem.')}
        </Text>
      )}
      {found?.length === 0 && (
        <Text size={13} tone="soft">
          {t('forms.aside-none', 'Hồ sơ chưa có gì về việc này.')}
        </Text>
      )}
      {found && found.length > 0 && (
        <ul>
          {found.map((one) => (
            <li key={`${one.resourceType}/${one.id}`}>{lineOf(one)}</li>
          ))}
        </ul>
      )}
    </details>
  ));
}

/** A CodeableConcept, or a Coding alone. */
interface Coded {
  text?: string;
  display?: string;
  code?: string;
  coding?: { display?: string; code?: string }[];
}

const wordsOf = (coded: Coded | undefined) =>
  coded?.text ??
  coded?.coding?.[0]?.display ??
  coded?.coding?.[0]?.code ??
  coded?.display ??
  coded?.code ??
  '';

/** What most resources say of themselves, whatever their type: what it is, its value, when it was. */
export function lineOf(resource: Resource): string {
  const one = resource as unknown as Record<string, unknown>;
  const first = (...names: string[]) => names.map((name) => one[name]).find((value) => value !== undefined);
  const [type] = ([] as unknown[]).concat(one.type ?? []);
  const what = wordsOf(
    (first('code', 'vaccineCode', 'medicationCodeableConcept', 'class') ?? type) as Coded | undefined,
  );
  const quantity = one.valueQuantity as { value?: number; unit?: string } | undefined;
  const value = quantity
    ? `${formatNumber(quantity.value ?? 0)} ${quantity.unit ?? ''}`.trim()
    : String(
        first('valueString', 'valueInteger', 'valueDateTime') ?? wordsOf(one.valueCodeableConcept as Coded),
      );
  const period = one.period as { start?: string } | undefined;
  const when =
    first(
      'effectiveDateTime',
      'occurrenceDateTime',
      'performedDateTime',
      'onsetDateTime',
      'recordedDate',
      'authoredOn',
      'date',
    ) ?? period?.start;
  const moment = typeof when === 'string' ? formatDateTime(when) : '';
  return [what || resource.resourceType, value, moment].filter(Boolean).join(' · ');
}
