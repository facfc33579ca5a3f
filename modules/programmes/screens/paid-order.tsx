/** Reserving a paid dose: who, which vaccine or package, when; the bill is made with it. */
import { useState } from 'react';
import {
  api,
  type BannerPerson,
  Button,
  CodeSearch,
  Columns,
  Empty,
  Facts,
  Form,
  formatDate,
  formatMoney,
  formatNumber,
  formatSex,
  Loaded,
  navigate,
  Page,
  Panel,
  PatientBanner,
  RadioList,
  refresh,
  SelectField,
  Stack,
  Text,
  t,
  toast,
  useForm,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { PackageRow, PriceRow } from '../paid/routes.ts';
import { namedIn } from './choices.ts';
import { TimeChoice } from './paid-time.tsx';

interface Prices {
  rows: PriceRow[];
  packages: PackageRow[];
}

interface Line {
  id: string;
  name: string;
  gender: string;
  birthDate: string | null;
}

export default function PaidOrderScreen() {
  const [patient, setPatient] = useUrlState('nguoi', '');
  const [bill] = useUrlState('phieu', '');
  const [product] = useUrlState('vacxin', '');
  const prices = useQuery<Prices>(['programmes', 'paid', 'prices'], '/api/programmes/paid/prices');
  return (
    <Page title={t('programmes.paid.new', 'Đặt lịch mới')}>
      {patient === '' ? (
        <Panel title={t('programmes.paid.who', 'Người được tiêm')}>
          <FindPerson onChoose={setPatient} />
        </Panel>
      ) : (
        <Stack gap={16}>
          <Person patient={patient} />
          <Loaded read={prices}>
            {(found) =>
              found.rows.length === 0 ? (
                <Empty title={t('programmes.paid.no-prices', 'Chưa có bảng giá tiêm dịch vụ')}>
                  {t(
                    'programmes.paid.no-prices-hint',
                    'Bảng giá là tệp nội dung của tỉnh (prices/vaccines.csv) theo loại cơ sở và ngày hiệu lực.',
                  )}
                </Empty>
              ) : (
                <Order patient={patient} bill={bill} product={product} prices={found} />
              )
            }
          </Loaded>
        </Stack>
      )}
    </Page>
  );
}

function FindPerson({ onChoose }: { onChoose: (id: string) => void }) {
  return (
    <CodeSearch
      label={t('programmes.paid.find-person', 'Họ tên, ngày sinh hoặc số giấy tờ')}
      autoFocus
      ranked
      search={async (typed, signal) => {
        const { rows } = await api.get<{ rows: Line[] }>(
          `/api/people/search?q=${encodeURIComponent(typed)}`,
          { signal },
        );
        return rows.map(({ id, name, gender, birthDate }) => ({
          code: id,
          label: name,
          note: [formatSex(gender), formatDate(birthDate)].filter(Boolean).join(', '),
        }));
      }}
      draw={({ label, note }) => <Text>{`${label} · ${note ?? ''}`}</Text>}
      onChoose={({ code }) => onChoose(code)}
    />
  );
}

function Person({ patient }: { patient: string }) {
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  return <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>;
}

interface Values {
  /** `dose`, or the code of a package. */
  what: string;
  product: string;
  when: string;
  start: string;
}

function Order(props: { patient: string; bill: string; product: string; prices: Prices }) {
  const { patient, bill, prices } = props;
  const [isSaved, setIsSaved] = useState(false);
  const form = useForm<Values, { bill: string }>({
    draft: null,
    initial: { what: 'dose', product: props.product, when: 'time', start: '' },
    check: ({ what, product, when, start }) => ({
      ...(product || (what !== 'dose' && when === 'later')
        ? {}
        : { product: t('programmes.dose.product-missing', 'Chọn vắc xin.') }),
      ...(when !== 'time' || start ? {} : { start: t('programmes.paid.start-missing', 'Chọn giờ tiêm.') }),
    }),
    send: ({ what, product, when, start }) =>
      api.post('/api/programmes/paid/reservations', {
        patient,
        bill,
        package: what === 'dose' ? '' : what,
        products: when === 'later' ? [] : [product],
        start: when === 'time' ? start : '',
      }),
    onDone: () => {
      setIsSaved(true);
      toast(t('programmes.paid.booked', 'Đã giữ liều và giờ tiêm'));
      void refresh(['programmes', 'paid']);
      navigate(`/tiem-dich-vu?loc=${bill === '' ? 'unpaid' : 'coming'}`);
    },
  });
  const { what, product, when } = form.values;
  const bought = prices.packages.find(({ code }) => code === what);
  const offered = prices.rows.filter(
    (row) =>
      (bill === '' || row.product === props.product) &&
      (!bought || bought.doses.some((dose) => dose.product === row.product)),
  );
  return (
    <Form
      form={form}
      label={t('programmes.paid.new', 'Đặt lịch mới')}
      finish={t('programmes.paid.save', 'Đặt lịch')}
    >
      <Columns widths={['3fr', '2fr']}>
        <Panel title={t('programmes.paid.what', 'Tiêm gì, bao giờ')}>
          <Stack gap={16}>
            {bill === '' && prices.packages.length > 0 && (
              <RadioList
                label={t('programmes.paid.kind', 'Mua')}
                choices={[
                  { value: 'dose', label: t('programmes.paid.one', 'Một mũi') },
                  ...prices.packages.map((one) => ({
                    value: one.code,
                    label: `${namedIn(one)}, ${formatMoney(one.price)}`,
                  })),
                ]}
                value={what}
                onChange={(chosen) =>
                  form.setAll((before) => ({ ...before, what: chosen, product: '', when: 'time' }))
                }
              />
            )}
            <RadioList
              label={t('programmes.paid.when', 'Giờ tiêm')}
              inline
              choices={[
                { value: 'time', label: t('programmes.paid.when.time', 'Hẹn ngày giờ') },
                { value: 'now', label: t('programmes.paid.when.now', 'Tiêm ngay') },
                ...(bought
                  ? [{ value: 'later', label: t('programmes.paid.when.later', 'Mua trước, hẹn sau') }]
                  : []),
              ]}
              {...form.field('when')}
            />
            {when !== 'later' && (
              <SelectField
                label={
                  bought
                    ? t('programmes.paid.first', 'Mũi hẹn lần này')
                    : t('programmes.session.vaccine', 'Vắc xin')
                }
                required
                empty="–"
                disabled={bill !== ''}
                choices={offered.map((row) => ({
                  value: row.product,
                  label: t('programmes.paid.choice', '{name}: {sum}, kho còn {free}', {
                    name: row.name,
                    sum: formatMoney(row.price + row.fee),
                    free: formatNumber(row.free),
                  }),
                }))}
                {...form.field('product')}
              />
            )}
            {when === 'time' && (
              <TimeChoice
                value={form.values.start}
                error={form.errors.start}
                onChange={(start) => form.set('start', start)}
              />
            )}
            <Button kind="primary" submit busy={form.busy || isSaved}>
              {t('programmes.paid.save', 'Đặt lịch')}
            </Button>
          </Stack>
        </Panel>
        <Panel title={t('programmes.paid.sum', 'Cộng')}>
          <Sum bill={bill} bought={bought} price={prices.rows.find((row) => row.product === product)} />
        </Panel>
      </Columns>
    </Form>
  );
}

function Sum(props: { bill: string; bought: PackageRow | undefined; price: PriceRow | undefined }) {
  const { bill, bought, price } = props;
  if (bill !== '') return <Text>{t('programmes.paid.no-cost', 'Mũi này đã trả tiền: không thu thêm.')}</Text>;
  if (bought)
    return (
      <Facts
        items={[
          ...bought.doses.map(
            ({ name, count }) =>
              [name, t('programmes.paid.doses', '{count} mũi', { count: formatNumber(count) })] as const,
          ),
          [t('programmes.paid.listed', 'Mua lẻ'), formatMoney(bought.listed)] as const,
          [t('programmes.paid.sum', 'Cộng'), formatMoney(bought.price)] as const,
        ]}
      />
    );
  if (!price) return <Text tone="soft">{t('programmes.paid.sum-none', 'Chọn vắc xin để thấy giá.')}</Text>;
  return (
    <Facts
      items={[
        [t('programmes.session.vaccine', 'Vắc xin'), formatMoney(price.price)],
        [t('programmes.paid.fee', 'Khám sàng lọc, tiêm, theo dõi'), formatMoney(price.fee)],
        [t('programmes.paid.sum', 'Cộng'), formatMoney(price.price + price.fee)],
      ]}
    />
  );
}
