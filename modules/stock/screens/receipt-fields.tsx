/** What every receipt asks: item, lot, expiry, amount, from whom. */
import type { ReactNode } from 'react';
import {
  Button,
  DateField,
  type Faults,
  type FormState,
  Grid,
  Row,
  Stack,
  TextField,
  t,
} from '../../../web/ui/index.ts';
import type { Scanned } from '../acts.ts';

export interface ReceiptValues {
  item: string;
  lot: string;
  expires: string | null;
  from: string;
}

/** As far as the barcode tells. */
export const ofScanned = ({ item, lot, expires }: Partial<Scanned>): ReceiptValues => ({
  item: item ?? '',
  lot: lot ?? '',
  expires: expires || null,
  from: '',
});

/** @param itemMissing sentence of the user of the ledger */
export const receiptFaults = (values: ReceiptValues, itemMissing: string): Faults<ReceiptValues> => ({
  ...(values.item ? {} : { item: itemMissing }),
  ...(values.lot.trim() ? {} : { lot: t('stock.lot-missing', 'Ghi số lô trên nhãn.') }),
  ...(values.expires ? {} : { expires: t('stock.expires-missing', 'Ghi hạn dùng trên nhãn.') }),
});

interface Props {
  form: Pick<FormState<ReceiptValues>, 'field' | 'busy'>;
  /** How the item is chosen. */
  item: ReactNode;
  /** How much came. */
  amount: ReactNode;
  /** Beside the others, and below them. */
  more?: ReactNode;
  children?: ReactNode;
}

export function ReceiptFields({ form, item, amount, more, children }: Props) {
  return (
    <Stack gap={12}>
      {item}
      <Grid min={180}>
        <TextField label={t('stock.lot', 'Số lô')} required {...form.field('lot')} />
        <DateField
          label={t('stock.expires', 'Hạn dùng')}
          required
          full
          expect="future"
          {...form.field('expires')}
        />
        {amount}
        <TextField label={t('stock.from', 'Nhận từ')} {...form.field('from')} />
        {more}
      </Grid>
      {children}
      <Row gap={8}>
        <Button kind="primary" submit busy={form.busy}>
          {t('stock.receive.save', 'Lưu phiếu nhập')}
        </Button>
      </Row>
    </Stack>
  );
}
