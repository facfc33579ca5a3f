/** Results of one order, typed: kept as a draft until they are in the record. Used by the doctor and the laboratory. */
import { useState } from 'react';
import { unitText } from '../../../../kernel/text/unit.ts';
import {
  type ApiFailure,
  api,
  Button,
  enterGoesOn,
  Grid,
  KEYS,
  Notice,
  NumberField,
  Row,
  SelectField,
  Stack,
  t,
  useDraft,
} from '../../../../web/ui/index.ts';
import type { OrderView, TestView } from '../../contract.ts';

type Values = Record<string, number | string | null>;

export function ResultForm(props: {
  encounter: string;
  order: OrderView;
  onSaved: () => void;
  /** The form is the task of its place: first field focused, Ctrl+Enter saves. */
  main?: boolean;
}) {
  const { order } = props;
  const draft = useDraft<Values>(`results.${order.id}`, {});
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const faults = Object.fromEntries(
    (failure?.issues ?? []).map((issue) => [issue.expression ?? '', issue.text]),
  );
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const results = Object.entries(draft.value).map(([key, value]) => ({ key, value }));
      const path = `/api/clinic/visits/${props.encounter}/results`;
      await api.post(path, { order: order.id, results }, { ifMatch: order.version });
      draft.done();
      props.onSaved();
    } catch (error) {
      setFailure(error as ApiFailure);
    } finally {
      setBusy(false);
    }
  };
  const set = (key: string, value: number | string | null) => draft.set((now) => ({ ...now, [key]: value }));
  return (
    <div data-results onKeyDown={(event) => enterGoesOn(event, () => void send())}>
      <Stack gap={8}>
        <Grid min={150}>
          {order.tests.map((test, index) => (
            <ResultField
              key={test.key}
              test={test}
              value={draft.value[test.key] ?? null}
              set={set}
              autoFocus={props.main && index === 0}
              fault={faults[`results.${test.key}`]}
            />
          ))}
        </Grid>
        {failure?.issues.every((issue) => !issue.expression?.startsWith('results.')) && (
          <Notice tone="danger" title={failure.message} />
        )}
        <Row>
          <Button
            kind={props.main ? 'primary' : 'normal'}
            busy={busy}
            keys={props.main ? KEYS.finish : undefined}
            onPress={() => void send()}
          >
            {t('clinic.lab.save', 'Lưu kết quả')}
          </Button>
        </Row>
      </Stack>
    </div>
  );
}

function ResultField(props: {
  test: TestView;
  value: number | string | null;
  set: (key: string, value: number | string | null) => void;
  fault?: string;
  autoFocus?: boolean;
}) {
  const { test } = props;
  const hint = test.range ? t('clinic.lab.range', 'tham chiếu {range}', { range: test.range }) : undefined;
  if (test.kind === 'coded') {
    return (
      <SelectField
        label={test.name}
        value={typeof props.value === 'string' ? props.value : ''}
        onChange={(value) => props.set(test.key, value === '' ? null : value)}
        choices={test.options.map((option) => ({ value: option, label: option }))}
        empty={t('clinic.lab.no-result', 'Chưa có')}
        error={props.fault}
        autoFocus={props.autoFocus}
        hint={hint}
      />
    );
  }
  return (
    <NumberField
      label={test.name}
      unit={unitText(test.unit)}
      value={typeof props.value === 'number' ? props.value : null}
      onChange={(value) => props.set(test.key, value)}
      error={props.fault}
      autoFocus={props.autoFocus}
      hint={hint}
    />
  );
}
