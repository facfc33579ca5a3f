/** A dose after screening: vaccine, lot, expiry, site; then the watch of 30 minutes, with a reaction one press away. */
import { useState } from 'react';
import type { Product } from '../../../engines/programmes/browser.ts';
import {
  api,
  Button,
  CheckBox,
  DateField,
  Form,
  formatTime,
  Grid,
  Notice,
  NumberField,
  Row,
  refresh,
  SelectField,
  Stack,
  Text,
  TextField,
  t,
  useForm,
} from '../../../web/ui/index.ts';
import { namedIn, useChoices } from './choices.ts';
import { NotGivenForm } from './not-given-form.tsx';
import { ReactionForm } from './reaction-form.tsx';
import { ScanVial } from './scan-vial.tsx';

interface DoseValues {
  product: string;
  lot: string;
  expires: string | null;
  site: string;
  maker: string;
  temperature: number | null;
  isFit: boolean;
  vvm: string;
}

interface Given {
  dose: string;
  watchUntil: string;
}

const SITES = ['Đùi trái', 'Đùi phải', 'Cánh tay trái', 'Cánh tay phải', 'Uống'];

export function DoseForm(props: {
  programme: string;
  patient: string;
  products: Product[];
  product: string;
  /** Appointment of a dose that was paid for. */
  reservation?: string;
  onDone: () => void;
}) {
  const [given, setGiven] = useState<Given | null>(null);
  const [isRefusing, setIsRefusing] = useState(false);
  const choices = useChoices();
  const form = useForm<DoseValues, Given>({
    draft: `dose.${props.programme}.${props.patient}`,
    initial: {
      product: props.product,
      lot: '',
      expires: null,
      site: '',
      maker: '',
      temperature: null,
      isFit: false,
      vvm: '',
    },
    check,
    send: (values) =>
      api.post(`/api/programmes/${props.programme}/people/${encodeURIComponent(props.patient)}/doses`, {
        ...values,
        expires: values.expires ?? '',
        ...(props.reservation === undefined ? {} : { reservation: props.reservation }),
      }),
    onDone: (answer) => {
      setGiven(answer);
      void refresh(['programmes']);
    },
  });
  if (isRefusing)
    return (
      <NotGivenForm
        programme={props.programme}
        patient={props.patient}
        product={form.values.product}
        onDone={props.onDone}
      />
    );
  if (given) return <Watch given={given} onDone={props.onDone} />;
  return (
    <Form
      form={form}
      label={t('programmes.dose', 'Ghi mũi tiêm')}
      finish={t('programmes.dose.save', 'Lưu mũi tiêm')}
    >
      <Stack gap={12}>
        <ScanVial
          onScan={({ item: product, lot, expires }) => {
            if (props.products.some(({ code }) => code === product)) form.set('product', product);
            if (lot) form.set('lot', lot);
            if (expires) form.set('expires', expires);
          }}
        />
        <SelectField
          label={t('programmes.session.vaccine', 'Vắc xin')}
          required
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
          <SelectField
            label={t('programmes.dose.site', 'Vị trí')}
            empty="–"
            choices={SITES.map((value) => ({ value, label: value }))}
            {...form.field('site')}
          />
          <NumberField
            label={t('programmes.dose.temperature', 'Thân nhiệt')}
            unit="°C"
            decimals={1}
            {...form.field('temperature')}
          />
          <SelectField
            label={t('programmes.dose.vvm', 'Chỉ thị nhiệt (VVM)')}
            empty={t('programmes.dose.vvm.none', 'lọ không có')}
            choices={(choices.data?.vvm ?? []).map((one) => ({ value: one.code, label: namedIn(one) }))}
            {...form.field('vvm')}
          />
        </Grid>
        <TextField
          label={t('programmes.dose.maker', 'Nhà sản xuất')}
          hint={t(
            'programmes.dose.maker.hint',
            'Cần cho giấy chứng nhận; ghi một lần cho mỗi lô, lần sau tự có.',
          )}
          {...form.field('maker')}
        />
        <CheckBox
          name="isFit"
          label={t('programmes.dose.fit', 'Đã khám sàng lọc: đủ điều kiện tiêm')}
          checked={form.values.isFit}
          onChange={(isFit) => form.set('isFit', isFit)}
        />
        {form.errors.isFit && <Text tone="danger">{form.errors.isFit}</Text>}
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.dose.save', 'Lưu mũi tiêm')}
          </Button>
          <Button disabled={form.values.product === ''} onPress={() => setIsRefusing(true)}>
            {t('programmes.not-given.open', 'Không tiêm…')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

function check(values: DoseValues) {
  return {
    ...(values.product ? {} : { product: t('programmes.dose.product-missing', 'Chọn vắc xin.') }),
    ...(values.lot ? {} : { lot: t('programmes.dose.lot-missing', 'Ghi số lô trên lọ.') }),
    ...(values.expires ? {} : { expires: t('programmes.dose.expires-missing', 'Ghi hạn dùng trên lọ.') }),
    ...(values.isFit
      ? {}
      : { isFit: t('programmes.dose.fit-missing', 'Chỉ tiêm sau khi khám sàng lọc đủ điều kiện.') }),
  };
}

function Watch({ given, onDone }: { given: Given; onDone: () => void }) {
  const [reacted, setReacted] = useState(false);
  return (
    <Stack gap={12}>
      <Notice
        tone="done"
        title={t('programmes.watch', 'Đã lưu. Theo dõi tại chỗ đến {time}', {
          time: formatTime(given.watchUntil),
        })}
      >
        <Text>
          {t(
            'programmes.watch.hint',
            'Dặn theo dõi tại nhà ít nhất 24 giờ: sốt từ 39 °C, co giật, quấy khóc, li bì, bú kém, khó thở, tím, phát ban thì đến ngay cơ sở y tế.',
          )}
        </Text>
      </Notice>
      {reacted ? (
        <ReactionForm dose={given.dose} onDone={onDone} />
      ) : (
        <Row gap={8}>
          <Button onPress={() => setReacted(true)}>{t('programmes.reaction.save', 'Ghi phản ứng')}</Button>
          <Button kind="primary" onPress={onDone}>
            {t('programmes.watch.done', 'Xong')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}
