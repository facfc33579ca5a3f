/** A receipt: medicine, lot, expiry and amount, filled from the barcode where there is one. */
import { useState } from 'react';
import {
  api,
  CodeSearch,
  Form,
  type Found,
  formatNumber,
  NumberField,
  refresh,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import { ofScanned, ReceiptFields, type ReceiptValues, receiptFaults } from '../../stock/screens/door.ts';
import type { ScannedMedicine } from '../stock-routes.ts';

export const STOCK = '/api/medicines/stock';

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

interface Values extends ReceiptValues {
  amount: number | null;
}

export function ReceiptForm({ scanned, onDone }: { scanned: Partial<ScannedMedicine>; onDone: () => void }) {
  const [chosen, setChosen] = useState<FoundMedicine | null>(
    scanned.item
      ? { code: scanned.item, label: scanned.name ?? scanned.item, unit: scanned.unit ?? '' }
      : null,
  );
  const form = useForm<Values, { balance: number; unit: string }>({
    draft: null,
    initial: { ...ofScanned(scanned), amount: null },
    check: (values) => ({
      ...receiptFaults(values, t('medicines.medicine-missing', 'Chọn thuốc.')),
      ...(values.amount ? {} : { amount: t('medicines.received-missing', 'Ghi số lượng đã nhận.') }),
    }),
    send: (values) => api.post(`${STOCK}/receipts`, { ...values, gtin: scanned.gtin ?? '' }),
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
      <ReceiptFields
        form={form}
        item={
          <CodeSearch
            label={t('medicines.col.medicine', 'Thuốc')}
            name="item"
            required
            autoFocus={!scanned.item}
            ranked
            least={2}
            search={search}
            value={chosen}
            onChoose={(found) => {
              setChosen(found);
              form.set('item', found.code);
            }}
            onClear={() => {
              setChosen(null);
              form.set('item', '');
            }}
          />
        }
        amount={
          <NumberField
            label={t('medicines.received-amount', 'Số lượng')}
            required
            autoFocus={Boolean(scanned.item && scanned.lot)}
            whole
            {...(chosen?.unit ? { unit: chosen.unit } : {})}
            {...form.field('amount')}
          />
        }
      />
    </Form>
  );
}
