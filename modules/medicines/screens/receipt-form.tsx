/** A receipt: medicine, lot, expiry and amount, filled from the barcode where there is one. */
import { useState } from 'react';
import {
  api,
  Button,
  CodeSearch,
  DateField,
  Form,
  type Found,
  formatNumber,
  Grid,
  NumberField,
  Row,
  refresh,
  Stack,
  TextField,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';

/** What the server read off a code, with the medicine that this package was received as before. */
export interface Scanned {
  gtin: string;
  lot: string;
  expires: string;
  medicine: string;
  name: string;
  unit: string;
}

interface FoundMedicine extends Found {
  unit: string;
}

interface ListedMedicine {
  code: string;
  name: string;
  strength: string;
  unit: string;
}

async function search(typed: string, signal: AbortSignal): Promise<FoundMedicine[]> {
  const rows = await api.get<ListedMedicine[]>(
    `/api/clinic/medicines/search?q=${encodeURIComponent(typed)}`,
    {
      signal,
    },
  );
  return rows.map(({ code, name, strength, unit }) => ({ code, label: name, note: strength, unit }));
}

interface Values {
  medicine: string;
  lot: string;
  expires: string | null;
  amount: number | null;
  from: string;
}

export function ReceiptForm({ scanned, onDone }: { scanned: Partial<Scanned>; onDone: () => void }) {
  const [chosen, setChosen] = useState<FoundMedicine | null>(
    scanned.medicine
      ? { code: scanned.medicine, label: scanned.name ?? scanned.medicine, unit: scanned.unit ?? '' }
      : null,
  );
  const form = useForm<Values, { balance: number; unit: string }>({
    draft: null,
    initial: {
      medicine: scanned.medicine ?? '',
      lot: scanned.lot ?? '',
      expires: scanned.expires || null,
      amount: null,
      from: '',
    },
    check: (values) => ({
      ...(values.medicine ? {} : { medicine: t('medicines.medicine-missing', 'Chọn thuốc.') }),
      ...(values.lot.trim() ? {} : { lot: t('medicines.lot-missing', 'Ghi số lô trên hộp.') }),
      ...(values.expires ? {} : { expires: t('medicines.expires-missing', 'Ghi hạn dùng trên hộp.') }),
      ...(values.amount ? {} : { amount: t('medicines.received-missing', 'Ghi số lượng đã nhận.') }),
    }),
    send: (values) => api.post('/api/medicines/stock/receipts', { ...values, gtin: scanned.gtin ?? '' }),
    onDone: ({ balance, unit }) => {
      toast(
        t('medicines.received', 'Đã nhập: lô còn {balance} {unit}', { balance: formatNumber(balance), unit }),
      );
      void refresh(['medicines']);
      onDone();
    },
  });
  return (
    <Form
      form={form}
      label={t('medicines.receive', 'Nhập thuốc')}
      finish={t('medicines.receive.save', 'Lưu phiếu nhập')}
    >
      <Stack gap={12}>
        <CodeSearch
          label={t('medicines.col.medicine', 'Thuốc')}
          name="medicine"
          required
          autoFocus={!scanned.medicine}
          ranked
          least={2}
          search={search}
          value={chosen}
          onChoose={(found) => {
            setChosen(found);
            form.set('medicine', found.code);
          }}
          onClear={() => {
            setChosen(null);
            form.set('medicine', '');
          }}
        />
        <Grid min={180}>
          <TextField label={t('medicines.lot', 'Số lô')} required {...form.field('lot')} />
          <DateField
            label={t('medicines.expires', 'Hạn dùng')}
            required
            full
            expect="future"
            {...form.field('expires')}
          />
          <NumberField
            label={t('medicines.received-amount', 'Số lượng')}
            required
            autoFocus={Boolean(scanned.medicine && scanned.lot)}
            whole
            {...(chosen?.unit ? { unit: chosen.unit } : {})}
            {...form.field('amount')}
          />
          <TextField label={t('medicines.from', 'Nhận từ')} {...form.field('from')} />
        </Grid>
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('medicines.receive.save', 'Lưu phiếu nhập')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
