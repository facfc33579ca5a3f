/** One lot: give out, throw away, count, hold. */
import {
  api,
  Button,
  Form,
  Grid,
  Notice,
  NumberField,
  RadioList,
  Row,
  refresh,
  Stack,
  TextField,
  t,
  toast,
  useForm,
  useMutation,
} from '../../../web/ui/index.ts';
import type { LotRow } from '../shelves.ts';
import { kindWord } from './words.ts';

interface MoveValues {
  kind: string;
  amount: number | null;
  why: string;
}

export function LotForm({ lot, unit, onDone }: { lot: LotRow; unit: string; onDone: () => void }) {
  const key = { medicine: lot.medicine, lot: lot.lot };
  const saved = (said: string) => {
    toast(said);
    void refresh(['medicines']);
    onDone();
  };
  const release = useMutation(() => api.post('/api/medicines/stock/hold', { ...key, release: true }), {
    onDone: () => saved(t('medicines.released', 'Lô được cấp lại')),
  });
  const form = useForm<MoveValues, object>({
    draft: null,
    initial: { kind: 'waste', amount: null, why: '' },
    check: ({ kind, amount, why }) => ({
      ...(kind === 'hold' || amount !== null
        ? {}
        : { amount: t('medicines.amount-needed', 'Ghi số lượng.') }),
      ...(why.trim() ? {} : { why: t('medicines.why-missing', 'Ghi lý do.') }),
    }),
    send: ({ kind, amount, why }) =>
      kind === 'hold'
        ? api.post('/api/medicines/stock/hold', { ...key, why })
        : api.post('/api/medicines/stock/movements', { ...key, kind, amount, why }),
    onDone: () => saved(t('medicines.moved', 'Đã ghi vào thẻ kho')),
  });
  return (
    <Stack gap={16}>
      {release.error && <Notice tone="danger" title={release.error.message} />}
      {lot.hold && (
        <Notice tone="danger" title={lot.hold}>
          <Button busy={release.busy} onPress={() => void release.run(undefined).catch(() => undefined)}>
            {t('medicines.kind.release', 'Cho cấp lại')}
          </Button>
        </Notice>
      )}
      <Form
        form={form}
        label={t('medicines.move', 'Ghi vào thẻ kho')}
        finish={t('medicines.move.save', 'Ghi')}
      >
        <Stack gap={12}>
          <RadioList
            label={t('medicines.col.act', 'Việc')}
            choices={['waste', 'issue', 'count', 'hold'].map((value) => ({ value, label: kindWord(value) }))}
            {...form.field('kind')}
          />
          <Grid min={200}>
            {form.values.kind !== 'hold' && (
              <NumberField
                label={
                  form.values.kind === 'count'
                    ? t('medicines.counted', 'Số đếm được')
                    : t('medicines.received-amount', 'Số lượng')
                }
                whole
                unit={unit}
                {...form.field('amount')}
              />
            )}
            <TextField label={t('medicines.why', 'Lý do')} required {...form.field('why')} />
          </Grid>
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('medicines.move.save', 'Ghi')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Stack>
  );
}
