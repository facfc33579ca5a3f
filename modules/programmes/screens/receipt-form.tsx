/** A receipt: vaccine, lot, expiry and vials, filled from the barcode where there is one. */
import {
  api,
  CheckBox,
  Form,
  NumberField,
  refresh,
  SelectField,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import type { Scanned } from '../../stock/index.ts';
import { ofScanned, ReceiptFields, type ReceiptValues, receiptFaults } from '../../stock/screens/door.ts';
import { namedIn, useChoices } from './choices.ts';
import { STOCK } from './scan-vial.tsx';

interface Values extends ReceiptValues {
  vials: number | null;
  vvm: string;
  paid: boolean;
}

export function ReceiptForm(props: {
  products: { code: string; name: string; vial: number }[];
  scanned: Partial<Scanned>;
  onDone: () => void;
}) {
  const { scanned } = props;
  const choices = useChoices();
  const form = useForm<Values, { balance: number }>({
    draft: null,
    initial: { ...ofScanned(scanned), vials: null, vvm: '', paid: false },
    check: (values) => ({
      ...receiptFaults(values, t('programmes.dose.product-missing', 'Chọn vắc xin.')),
      ...(values.vials ? {} : { vials: t('programmes.stock.vials-missing', 'Ghi số lọ đã nhận.') }),
    }),
    send: (values) => api.post(`${STOCK}/receipts`, { ...values, gtin: scanned.gtin ?? '' }),
    onDone: ({ balance }) => {
      toast(t('programmes.stock.received', 'Đã nhập: lô còn {balance} liều', { balance: String(balance) }));
      void refresh(['programmes', 'stock']);
      props.onDone();
    },
  });
  const vial = props.products.find(({ code }) => code === form.values.item)?.vial;
  return (
    <Form
      form={form}
      label={t('programmes.stock.receive', 'Nhập vắc xin')}
      finish={t('programmes.stock.save', 'Lưu phiếu nhập')}
    >
      <ReceiptFields
        form={form}
        item={
          <SelectField
            label={t('programmes.session.vaccine', 'Vắc xin')}
            required
            empty="–"
            choices={props.products.map(({ code, name }) => ({ value: code, label: name }))}
            {...form.field('item')}
          />
        }
        amount={
          <NumberField
            label={t('programmes.stock.vials', 'Số lọ')}
            required
            whole
            {...(vial === undefined
              ? {}
              : { hint: t('programmes.stock.vial-of', '{vial} liều một lọ', { vial: String(vial) }) })}
            {...form.field('vials')}
          />
        }
        more={
          <SelectField
            label={t('programmes.dose.vvm', 'Chỉ thị nhiệt (VVM)')}
            empty={t('programmes.dose.vvm.none', 'lọ không có')}
            choices={(choices.data?.vvm ?? []).map((one) => ({ value: one.code, label: namedIn(one) }))}
            {...form.field('vvm')}
          />
        }
      >
        <CheckBox
          name="paid"
          label={t('programmes.stock.paid', 'Vắc xin dịch vụ (người tiêm trả tiền)')}
          checked={form.values.paid}
          onChange={(paid) => form.set('paid', paid)}
        />
      </ReceiptFields>
    </Form>
  );
}
