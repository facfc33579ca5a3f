/** One lot: give out, throw away, count, hold or release. */
import type { ReactNode } from 'react';
import {
  api,
  Button,
  Form,
  Grid,
  Notice,
  NumberField,
  RadioList,
  Row,
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

interface Props {
  /** Address of the user's stock, `/api/medicines/stock`. */
  stock: string;
  lot: Pick<LotRow, 'item' | 'lot' | 'hold'>;
  /** What its amount is counted in: tablet, dose. */
  unit: string;
  onSaved: () => void;
  /** What else can be done with a lot that is free. */
  children?: ReactNode;
}

export function LotForm(props: Props) {
  const { stock, lot } = props;
  const key = { item: lot.item, lot: lot.lot };
  const form = useForm<MoveValues, object>({
    draft: null,
    initial: { kind: 'waste', amount: null, why: '' },
    check: ({ kind, amount, why }) => ({
      ...(kind === 'hold' || amount !== null ? {} : { amount: t('stock.amount-missing', 'Ghi số lượng.') }),
      ...(why.trim() ? {} : { why: t('stock.why-missing', 'Ghi lý do.') }),
    }),
    send: ({ kind, amount, why }) =>
      kind === 'hold'
        ? api.post(`${stock}/hold`, { ...key, why })
        : api.post(`${stock}/movements`, { ...key, kind, amount, why }),
    onDone: () => {
      toast(t('stock.moved', 'Đã ghi vào thẻ kho'));
      props.onSaved();
    },
  });
  return (
    <Stack gap={16}>
      {lot.hold ? <Held {...props} /> : props.children}
      <Form form={form} label={t('stock.move', 'Ghi vào thẻ kho')} finish={t('stock.move.save', 'Ghi')}>
        <Stack gap={12}>
          <RadioList
            label={t('stock.act', 'Việc')}
            choices={['waste', 'issue', 'count', 'hold'].map((value) => ({ value, label: kindWord(value) }))}
            {...form.field('kind')}
          />
          <Grid min={200}>
            {form.values.kind !== 'hold' && (
              <NumberField
                label={
                  form.values.kind === 'count'
                    ? t('stock.counted', 'Số đếm được')
                    : t('stock.amount', 'Số lượng')
                }
                whole
                unit={props.unit}
                {...form.field('amount')}
              />
            )}
            <TextField label={t('stock.why', 'Lý do')} required {...form.field('why')} />
          </Grid>
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('stock.move.save', 'Ghi')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Stack>
  );
}

function Held({ stock, lot, onSaved }: Props) {
  const key = { item: lot.item, lot: lot.lot };
  const release = useMutation(() => api.post(`${stock}/hold`, { ...key, release: true }), {
    onDone: () => {
      toast(t('stock.released', 'Lô được dùng lại'));
      onSaved();
    },
  });
  return (
    <Stack gap={8}>
      {release.error && <Notice tone="danger" title={release.error.message} />}
      <Notice tone="danger" title={lot.hold}>
        <Button busy={release.busy} onPress={() => void release.run(undefined).catch(() => undefined)}>
          {t('stock.kind.release', 'Cho dùng lại')}
        </Button>
      </Notice>
    </Stack>
  );
}
