/** A receipt: vaccine, lot, expiry and vials, filled from the barcode where there is one. */
import {
  api,
  Button,
  CheckBox,
  DateField,
  Form,
  Grid,
  NumberField,
  Row,
  refresh,
  SelectField,
  Stack,
  TextField,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import { namedIn, useChoices } from './choices.ts';
import type { Scanned } from './scan-field.tsx';

interface ReceiptValues {
  product: string;
  lot: string;
  expires: string | null;
  vials: number | null;
  from: string;
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
  const form = useForm<ReceiptValues, { balance: number }>({
    draft: null,
    initial: {
      product: scanned.product ?? '',
      lot: scanned.lot ?? '',
      expires: scanned.expires || null,
      vials: null,
      from: '',
      vvm: '',
      paid: false,
    },
    check: (values) => ({
      ...(values.product ? {} : { product: t('programmes.dose.product-missing', 'Chọn vắc xin.') }),
      ...(values.lot ? {} : { lot: t('programmes.dose.lot-missing', 'Ghi số lô trên lọ.') }),
      ...(values.expires ? {} : { expires: t('programmes.dose.expires-missing', 'Ghi hạn dùng trên lọ.') }),
      ...(values.vials ? {} : { vials: t('programmes.stock.vials-missing', 'Ghi số lọ đã nhận.') }),
    }),
    send: (values) => api.post('/api/programmes/stock/receipts', { ...values, gtin: scanned.gtin ?? '' }),
    onDone: ({ balance }) => {
      toast(t('programmes.stock.received', 'Đã nhập: lô còn {balance} liều', { balance: String(balance) }));
      void refresh(['programmes', 'stock']);
      props.onDone();
    },
  });
  const vial = props.products.find(({ code }) => code === form.values.product)?.vial;
  return (
    <Form
      form={form}
      label={t('programmes.stock.receive', 'Nhập vắc xin')}
      finish={t('programmes.stock.save', 'Lưu phiếu nhập')}
    >
      <Stack gap={12}>
        <SelectField
          label={t('programmes.session.vaccine', 'Vắc xin')}
          required
          empty="–"
          choices={props.products.map(({ code, name }) => ({ value: code, label: name }))}
          {...form.field('product')}
        />
        <Grid min={180}>
          <TextField label={t('programmes.dose.lot', 'Số lô')} required {...form.field('lot')} />
          <DateField
            label={t('programmes.dose.expires', 'Hạn dùng')}
            required
            full
            expect="future"
            {...form.field('expires')}
          />
          <NumberField
            label={t('programmes.stock.vials', 'Số lọ')}
            required
            decimals={0}
            {...(vial === undefined
              ? {}
              : { hint: t('programmes.stock.vial-of', '{vial} liều một lọ', { vial: String(vial) }) })}
            {...form.field('vials')}
          />
          <TextField label={t('programmes.stock.from', 'Nhận từ')} {...form.field('from')} />
          <SelectField
            label={t('programmes.dose.vvm', 'Chỉ thị nhiệt (VVM)')}
            empty={t('programmes.dose.vvm.none', 'lọ không có')}
            choices={(choices.data?.vvm ?? []).map((one) => ({ value: one.code, label: namedIn(one) }))}
            {...form.field('vvm')}
          />
        </Grid>
        <CheckBox
          name="paid"
          label={t('programmes.stock.paid', 'Vắc xin dịch vụ (người tiêm trả tiền)')}
          checked={form.values.paid}
          onChange={(paid) => form.set('paid', paid)}
        />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.stock.save', 'Lưu phiếu nhập')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
