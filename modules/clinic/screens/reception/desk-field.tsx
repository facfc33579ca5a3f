/** One question of the desk's form, drawn in the desk's own close grid. */
import { useEffect } from 'react';
import type { Option } from '../../../../engines/forms/browser.ts';
import { cs } from '../../../../kernel/fhir/systems.ts';
import type { Coding, ValueSet } from '../../../../kernel/fhir/types.ts';
import {
  api,
  CheckBox,
  CodeSearch,
  DateField,
  type Found,
  Heading,
  NumberField,
  type PartialDate,
  SelectField,
  Text,
  TextField,
  t,
  useQuery,
} from '../../../../web/ui/index.ts';
import { FormItem } from '../../../forms/screens/door.ts';
import type { DeskField as Field } from './desk-form.ts';

/** The value set of administrative units: chosen by the picker of addresses, which offers the communes of today. */
const UNITS = `${cs.unit.replace('/cs/', '/vs/')}`;

interface Props {
  field: Field;
  error: string | undefined;
  first: boolean;
  onChange: (value: unknown) => void;
}

/** What every control of the kit is given. */
interface Shared {
  name: string;
  label: string;
  required: boolean;
  readOnly: boolean;
  error: string | undefined;
  hint: string | undefined;
  autoFocus: boolean;
}

export function DeskField(props: Props) {
  const { state, face, isWhole } = props.field;
  const label = state.prefix ? `${state.prefix} ${state.text}` : state.text;
  if (isWhole)
    return (
      <div className="fm-items" style={{ gridColumn: '1 / -1' }}>
        <FormItem path={state.path} level={3} />
      </div>
    );
  if (state.type === 'group')
    return (
      <div style={{ gridColumn: '1 / -1' }}>
        <Heading level={3} size={14}>
          {label}
        </Heading>
      </div>
    );
  if (state.type === 'display') return <Text tone="soft">{label}</Text>;
  const shared: Shared = {
    name: state.linkId,
    label,
    required: state.required,
    readOnly: state.readOnly,
    error: props.error,
    hint: [face.instructions, face.help].filter(Boolean).join(' ') || undefined,
    autoFocus: props.first,
  };
  return <Control {...props} shared={shared} />;
}

function Control(props: Props & { shared: Shared }) {
  const { field, shared, onChange } = props;
  const { state, face } = field;
  const value = state.values[0];
  switch (state.type) {
    case 'choice':
      if (state.options) return <Listed {...props} options={state.options} />;
      return state.valueSet === UNITS ? <Commune {...props} /> : <Searched {...props} />;
    case 'date':
      return (
        <DateField
          {...shared}
          value={typeof value === 'string' ? (value as PartialDate) : null}
          onChange={onChange}
        />
      );
    case 'integer':
    case 'decimal':
      return (
        <NumberField
          {...shared}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          whole={state.type === 'integer'}
          {...(state.unit ? { unit: state.unit.display ?? state.unit.code ?? '' } : {})}
        />
      );
    case 'boolean':
      return (
        <CheckBox
          name={shared.name}
          label={shared.label}
          checked={value === true}
          onChange={(on) => onChange(on ? true : null)}
        />
      );
    default:
      return (
        <TextField
          {...shared}
          value={typeof value === 'string' ? value : ''}
          onChange={onChange}
          {...(state.type === 'text' ? { lines: 2 } : {})}
          {...(face.maxLength === null ? {} : { maxLength: face.maxLength })}
          {...(face.entryFormat === null ? {} : { placeholder: face.entryFormat })}
          {...(KEYBOARDS[face.keyboard ?? ''] ? { inputMode: KEYBOARDS[face.keyboard ?? '']! } : {})}
        />
      );
  }
}

const KEYBOARDS: Readonly<Record<string, 'numeric' | 'tel'>> = { number: 'numeric', phone: 'tel' };

function Listed({
  field,
  shared,
  options,
  onChange,
}: Props & { shared: Shared; options: readonly Option[] }) {
  const { state } = field;
  const codeOf = (value: unknown) => (value as Coding | undefined)?.code ?? String(value ?? '');
  return (
    <SelectField
      {...shared}
      value={codeOf(state.values[0])}
      choices={options.map(({ value, label, enabled }) => ({
        value: codeOf(value),
        label,
        disabled: !enabled,
      }))}
      {...(state.required ? {} : { empty: t('reception.not-asked', 'Chưa hỏi') })}
      onChange={(code) => onChange(options.find(({ value }) => codeOf(value) === code)?.value ?? null)}
    />
  );
}

const foundOf = (value: unknown): Found | null => {
  const { code, display } = (value ?? {}) as Coding;
  return code === undefined ? null : { code, label: display ?? code };
};

function Commune({ field, shared, onChange }: Props & { shared: Shared }) {
  const value = field.state.values[0] as Coding | undefined;
  useCommuneName(value, onChange);
  return (
    <CodeSearch
      {...shared}
      search={findCommunes}
      value={foundOf(value)}
      onChoose={({ code, label }) => onChange({ system: cs.unit, code, display: label })}
      onClear={() => onChange(null)}
    />
  );
}

/** The card gives a code; its name is read so that the field shows words. */
function useCommuneName(value: Coding | undefined, onChange: (value: unknown) => void): void {
  const code = value?.code !== undefined && value.display === value.code ? value.code : null;
  const path = code ? `/api/places/units/${encodeURIComponent(code)}` : null;
  const read = useQuery<{ unit: { code: string; name: string } }>(['unit', code], path);
  const unit = read.data?.unit;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the name arrives
  useEffect(() => {
    if (unit && unit.code === code) onChange({ system: cs.unit, code: unit.code, display: unit.name });
  }, [unit?.code, code]);
}

async function findCommunes(typed: string, signal: AbortSignal): Promise<Found[]> {
  const path = `/api/places/units?level=commune&q=${encodeURIComponent(typed)}`;
  const units = await api.get<{ code: string; name: string; parent: string }[]>(path, { signal });
  return units.map(({ code, name }) => ({ code, label: name }));
}

interface CodingFound extends Found {
  coding: Coding;
}

const FOUND_AT_ONCE = '20';

/** A value set that is too long for a list. */
function Searched({ field, shared, onChange }: Props & { shared: Shared }) {
  const search = async (typed: string, signal: AbortSignal): Promise<CodingFound[]> => {
    const asked = new URLSearchParams({
      url: field.state.valueSet ?? '',
      filter: typed,
      count: FOUND_AT_ONCE,
    });
    const found = await api.get<ValueSet>(`/fhir/ValueSet/$expand?${asked}`, { signal });
    return (found.expansion?.contains ?? []).map(({ system, code = '', display = code }) => ({
      code,
      label: display,
      coding: { ...(system ? { system } : {}), code, display },
    }));
  };
  return (
    <CodeSearch<CodingFound>
      {...shared}
      search={search}
      value={foundOf(field.state.values[0])}
      onChoose={({ coding }) => onChange(coding)}
      onClear={() => onChange(null)}
    />
  );
}
