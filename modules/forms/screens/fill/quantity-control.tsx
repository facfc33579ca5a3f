/** A number with its unit: the unit inside the box, or chosen beside it. */
import { useState } from 'react';
import type { FieldFace } from '../../../../engines/forms/browser.ts';
import type { Coding, Quantity } from '../../../../kernel/fhir/types.ts';
import { NumberField, Row, SelectField, TextField, t } from '../../../../web/ui/index.ts';
import type { ControlProps } from './question.tsx';
import { Answers, type OneProps } from './several.tsx';

export function QuantityControl(props: ControlProps) {
  return <Answers {...props} draw={(one) => <One {...one} />} />;
}

function One(props: OneProps) {
  const { state, face } = props;
  const value = props.value as Quantity | undefined;
  const choices = state.units ?? [];
  // A unit may be chosen before the number is typed.
  const [chosen, setChosen] = useState<Coding | null>(null);
  const unit = unitOf(value) ?? chosen ?? state.unit ?? choices[0] ?? null;
  const put = (number: number | null, next: Coding | null) => {
    setChosen(next);
    props.onValue(number === null ? null : quantityOf(number, next));
  };
  const open = face.unitOpen !== 'optionsOnly' && choices.length > 0;
  const several = choices.length > 1 || open;
  const isOwn = open && unit !== null && !choices.some((one) => one.code === unit.code);
  const own = isOwn ? (unit.display ?? '') : '';
  const [writes, setWrites] = useState(value !== undefined && isOwn);
  return (
    <Row align="start" gap={8} wrap={!props.bare}>
      <NumberField
        label={props.label}
        required={state.required}
        readOnly={props.readOnly}
        bare={props.bare}
        error={props.error}
        hint={props.hint}
        value={value?.value ?? null}
        onChange={(number) => put(number, unit)}
        {...(face.maxDecimalPlaces === null ? {} : { decimals: face.maxDecimalPlaces })}
        {...(unit && !several ? { unit: unit.display ?? unit.code ?? '' } : {})}
        width={props.bare ? undefined : several ? 180 : 220}
      />
      {several && (
        <SelectField
          label={t('forms.unit', 'Đơn vị')}
          bare={props.bare}
          readOnly={props.readOnly}
          value={writes ? OTHER : (unit?.code ?? '')}
          onChange={(code) => {
            setWrites(code === OTHER);
            const next = choices.find((one) => one.code === code) ?? null;
            if (code !== OTHER) put(value?.value ?? null, next);
          }}
          choices={[
            ...choices.map((one) => ({ value: one.code ?? '', label: one.display ?? one.code ?? '' })),
            ...(open ? [{ value: OTHER, label: t('forms.unit-other', 'Khác…') }] : []),
          ]}
          width={130}
        />
      )}
      {writes && (
        <TextField
          label={t('forms.unit-own', 'Đơn vị khác (ghi rõ)')}
          bare={props.bare}
          readOnly={props.readOnly}
          value={own}
          onChange={(text) => put(value?.value ?? null, ownUnit(text, face.unitOpen))}
          width={150}
        />
      )}
    </Row>
  );
}

/** Not the code of any unit. */
const OTHER = '*';

/** A unit that is not among the offered: by its UCUM code where it must be coded, else in words. */
const ownUnit = (text: string, open: FieldFace['unitOpen']): Coding =>
  open === 'optionsOrType'
    ? ({ system: 'http://unitsofmeasure.org', code: text.trim(), display: text } as Coding)
    : ({ display: text } as Coding);

function quantityOf(value: number, unit: Coding | null): Quantity {
  if (!unit) return { value };
  const { system, code, display } = unit;
  const words = display ?? code;
  return {
    value,
    ...(words ? { unit: words } : {}),
    ...(system === undefined ? {} : { system }),
    ...(code ? { code } : {}),
  };
}

function unitOf(value: Quantity | undefined): Coding | null {
  if (!value?.unit && !value?.code) return null;
  return { system: value.system, code: value.code, display: value.unit } as Coding;
}
