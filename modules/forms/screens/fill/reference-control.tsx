/** A reference to somebody or something of the record, searched by name. */

import { useState } from 'react';
import type { Bundle, Reference, Resource } from '../../../../kernel/fhir/types.ts';
import { api, CodeSearch, type Found, Link, SelectField, Stack, t } from '../../../../web/ui/index.ts';
import { useScope } from './form-scope.ts';
import type { ControlProps } from './question.tsx';
import { Answers, type OneProps } from './several.tsx';

/** What can be searched by name by anybody who may fill a form. */
const BY_NAME = ['Practitioner', 'Organization', 'Location', 'Patient', 'RelatedPerson'];

export function ReferenceControl(props: ControlProps) {
  return <Answers {...props} draw={(one) => <One {...one} />} />;
}

function One(props: OneProps) {
  const { state, face } = props;
  const types = face.targets.length > 0 ? face.targets : BY_NAME.slice(0, 3);
  const [type, setType] = useState(types[0]!);
  const value = props.value as Reference | undefined;
  const search = async (typed: string, signal: AbortSignal): Promise<Found[]> => {
    const named = BY_NAME.includes(type) ? 'name:contains' : '_text';
    const asked = new URLSearchParams({ [named]: typed, _count: '20' });
    const found = await api.get<Bundle>(`/fhir/${type}?${asked}`, { signal });
    return (found.entry ?? []).flatMap(({ resource }) =>
      resource ? [{ code: `${resource.resourceType}/${resource.id}`, label: nameOf(resource) }] : [],
    );
  };
  return (
    <Stack gap={8}>
      {types.length > 1 && !props.readOnly && (
        <SelectField
          label={t('forms.reference-type', 'Tìm trong')}
          value={type}
          onChange={setType}
          choices={types.map((one) => ({ value: one, label: typeName(one) }))}
          width={220}
        />
      )}
      <CodeSearch
        label={props.label}
        required={state.required}
        disabled={props.readOnly}
        bare={props.bare}
        error={props.error}
        hint={props.hint}
        search={search}
        draw={({ label }) => <span>{label}</span>}
        value={value ? { code: value.reference ?? '', label: value.display ?? value.reference ?? '' } : null}
        onChoose={({ code, label }) => props.onValue({ reference: code, display: label })}
        onClear={() => props.onValue(null)}
      />
      {face.lookup && !props.readOnly && <Lookup form={face.lookup} />}
    </Stack>
  );
}

/** SDC lookupQuestionnaire: what is not found yet is described by a form of its own. */
function Lookup({ form }: { form: string }) {
  const { patient } = useScope();
  const key = form.split('|')[0]!.split('/').at(-1)!;
  return (
    <Link to={`/bieu-mau/${encodeURIComponent(key)}?nguoi=${encodeURIComponent(patient)}`}>
      {t('forms.lookup', 'Chưa có? Điền phiếu mô tả')}
    </Link>
  );
}

function typeName(type: string): string {
  const names: Record<string, string> = {
    Practitioner: t('forms.type.practitioner', 'Nhân viên y tế'),
    Organization: t('forms.type.organization', 'Cơ sở'),
    Location: t('forms.type.location', 'Phòng, địa điểm'),
    Patient: t('forms.type.patient', 'Người dân'),
    RelatedPerson: t('forms.type.related', 'Người thân'),
  };
  return names[type] ?? type;
}

/** A HumanName, a name, a title, or the address. */
function nameOf(resource: Resource): string {
  const { name, title, description } = resource as {
    name?: string | { text?: string; family?: string; given?: string[] }[];
    title?: string;
    description?: string;
  };
  if (typeof name === 'string') return name;
  const first = name?.[0];
  const words = first?.text ?? [first?.family, ...(first?.given ?? [])].filter(Boolean).join(' ');
  return words || title || description || `${resource.resourceType}/${resource.id}`;
}
