/** A number with its unit: the unit inside the box, or chosen beside it. */
import type { Coding, Quantity } from '../../../../kernel/fhir/types.ts';
import { NumberField, Row, SelectField, t } from '../../../../web/ui/index.ts';
import type { ControlProps } from './question.tsx';

export function QuantityControl(props: ControlProps) {
  const { state, face } = props;
  const value = state.values[0] as Quantity | undefined;
  const choices = state.units ?? [];
  const unit = unitOf(value) ?? state.unit ?? choices[0] ?? null;
  const put = (number: number | null, next: Coding | null) =>
    props.onChange(number === null ? [] : [quantityOf(number, next)]);
  const several = choices.length > 1;
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
        width={props.bare ? undefined : 220}
      />
      {several && (
        <SelectField
          label={t('forms.unit', 'Đơn vị')}
          bare={props.bare}
          readOnly={props.readOnly}
          value={unit?.code ?? ''}
          onChange={(code) => put(value?.value ?? null, choices.find((one) => one.code === code) ?? null)}
          choices={choices.map((one) => ({ value: one.code ?? '', label: one.display ?? one.code ?? '' }))}
          width={130}
        />
      )}
    </Row>
  );
}

function quantityOf(value: number, unit: Coding | null): Quantity {
  if (!unit) return { value };
  const { system, code, display } = unit;
  return {
    value,
    unit: display ?? code ?? '',
    ...(system === undefined ? {} : { system }),
    ...(code === undefined ? {} : { code }),
  };
}

function unitOf(value: Quantity | undefined): Coding | null {
  if (!value?.unit && !value?.code) return null;
  return { system: value.system, code: value.code, display: value.unit } as Coding;
}
