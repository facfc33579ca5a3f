/** One reservation: its bill, taking the money, giving the dose, another time, cancelling. */
import { useState } from 'react';
import type { Product } from '../../../engines/programmes/browser.ts';
import {
  api,
  Button,
  ButtonLink,
  Facts,
  Form,
  formatDateTime,
  formatMoney,
  hasRole,
  Loaded,
  Notice,
  RadioList,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useMe,
  useQuery,
} from '../../../web/ui/index.ts';
import type { PaidListRow, PriceRow } from '../paid/routes.ts';
import { namedIn } from './choices.ts';
import { DoseForm } from './dose-form.tsx';
import { PaidState } from './paid-state.tsx';
import { TimeChoice } from './paid-time.tsx';

interface Bill {
  number: string;
  state: string;
  total: number;
  discount: number;
  /** Đồng that went back, and that would go back now of what was not given. */
  refunded: number;
  refundable: number;
  given: number;
  lines: { name: string; amount: number }[];
  notes: { text: string; time: string }[];
}

type Act = 'pay' | 'give' | 'move' | 'cancel' | 'void' | 'refund';

export function PaidDialog({ row, onDone }: { row: PaidListRow; onDone: () => void }) {
  const read = useQuery<Bill>(
    ['programmes', 'paid', 'bill', row.bill],
    `/api/programmes/paid/bills/${encodeURIComponent(row.bill)}`,
  );
  const [act, setAct] = useState<Act | null>(null);
  const saved = (said: string) => {
    toast(said);
    void refresh(['programmes']);
    onDone();
  };
  return (
    <Loaded read={read}>
      {(bill) => (
        <Stack gap={16}>
          {act !== 'give' && <BillFacts row={row} bill={bill} />}
          {act === null && <Acts row={row} bill={bill} onAct={setAct} />}
          {act === 'pay' && <Pay row={row} bill={bill} onSaved={saved} />}
          {act === 'give' && <Give row={row} onDone={onDone} />}
          {act === 'move' && <Move row={row} onSaved={saved} />}
          {(act === 'cancel' || act === 'void' || act === 'refund') && (
            <Cancel row={row} act={act} bill={bill} onSaved={saved} />
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function BillFacts({ row, bill }: { row: PaidListRow; bill: Bill }) {
  return (
    <Stack gap={8}>
      <Row gap={8}>
        <PaidState row={{ state: row.state, billState: bill.state }} />
        <Text tone="soft">{t('programmes.paid.bill', 'Phiếu thu {number}', { number: bill.number })}</Text>
      </Row>
      <Facts
        items={[
          ...(row.starts
            ? [[t('programmes.paid.time', 'Giờ hẹn'), formatDateTime(row.starts)] as const]
            : []),
          ...bill.lines.map(({ name, amount }) => [name, formatMoney(amount)] as const),
          ...(bill.discount === 0
            ? []
            : [[t('programmes.paid.discount', 'Giảm theo gói'), formatMoney(bill.discount)] as const]),
          ...(bill.refunded === 0
            ? []
            : [[t('programmes.paid.refunded', 'Đã hoàn'), formatMoney(bill.refunded)] as const]),
          [t('programmes.paid.sum', 'Cộng'), formatMoney(bill.total)] as const,
          ...bill.notes.map(({ text, time }) => [formatDateTime(time), text] as const),
        ]}
      />
    </Stack>
  );
}

function Acts({ row, bill, onAct }: { row: PaidListRow; bill: Bill; onAct: (act: Act) => void }) {
  const me = useMe();
  const isBooked = row.state === 'booked';
  return (
    <Row gap={8} wrap>
      {bill.state === 'issued' && (
        <Button kind="primary" onPress={() => onAct('pay')}>
          {t('programmes.paid.pay', 'Thu tiền')}
        </Button>
      )}
      {isBooked && bill.state === 'balanced' && !hasRole(me, ['cashier']) && (
        <Button kind="primary" onPress={() => onAct('give')}>
          {t('programmes.give', 'Tiêm')}
        </Button>
      )}
      {row.state === 'unused' && bill.state === 'balanced' && (
        <ButtonLink
          kind="primary"
          to={`/tiem-dich-vu/dat-lich?${new URLSearchParams({ nguoi: row.patient, phieu: row.bill, vacxin: row.product })}`}
        >
          {t('programmes.paid.book', 'Hẹn giờ tiêm')}
        </ButtonLink>
      )}
      {isBooked && <Button onPress={() => onAct('move')}>{t('programmes.paid.move', 'Đổi giờ')}</Button>}
      {isBooked && <Button onPress={() => onAct('cancel')}>{t('programmes.paid.cancel', 'Huỷ lịch')}</Button>}
      {bill.refundable > 0 && (
        <Button kind="danger" onPress={() => onAct('refund')}>
          {t('programmes.paid.refund-part', 'Hoàn phần chưa tiêm')}
        </Button>
      )}
      {bill.state !== 'cancelled' && row.state !== 'fulfilled' && bill.given === 0 && (
        <Button kind="danger" onPress={() => onAct('void')}>
          {bill.state === 'balanced'
            ? t('programmes.paid.refund', 'Huỷ phiếu, hoàn tiền')
            : t('programmes.paid.void', 'Huỷ phiếu')}
        </Button>
      )}
      <ButtonLink to={`/ho-so/${encodeURIComponent(row.patient)}`}>
        {t('programmes.paid.record', 'Hồ sơ')}
      </ButtonLink>
    </Row>
  );
}

interface Prices {
  rows: PriceRow[];
  methods: { code: string; title: string; titleEn: string }[];
}

interface Saved {
  row: PaidListRow;
  onSaved: (said: string) => void;
}

function Pay({ row, bill, onSaved }: Saved & { bill: Bill }) {
  const prices = useQuery<Prices>(['programmes', 'paid', 'prices'], '/api/programmes/paid/prices');
  const form = useForm<{ method: string }, object>({
    draft: null,
    initial: { method: '' },
    check: ({ method }) =>
      method ? {} : { method: t('programmes.paid.method-missing', 'Chọn hình thức thu tiền.') },
    send: (values) => api.post(`/api/programmes/paid/bills/${encodeURIComponent(row.bill)}/payment`, values),
    onDone: () => onSaved(t('programmes.paid.taken', 'Đã thu tiền')),
  });
  return (
    <Form
      form={form}
      label={t('programmes.paid.pay', 'Thu tiền')}
      finish={t('programmes.paid.pay', 'Thu tiền')}
    >
      <Stack gap={12}>
        <RadioList
          label={t('programmes.paid.method', 'Hình thức')}
          inline
          required
          choices={(prices.data?.methods ?? []).map((one) => ({ value: one.code, label: namedIn(one) }))}
          error={form.errors.method}
          {...form.field('method')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('programmes.paid.pay-sum', 'Đã nhận {sum}', { sum: formatMoney(bill.total) })}
        </Button>
      </Stack>
    </Form>
  );
}

function Give({ row, onDone }: { row: PaidListRow; onDone: () => void }) {
  const read = useQuery<{ products: Product[]; isWhole: boolean }>(
    ['programmes', row.programme, 'person', row.patient],
    `/api/programmes/${row.programme}/people/${encodeURIComponent(row.patient)}`,
  );
  return (
    <Loaded read={read}>
      {({ products, isWhole }) =>
        isWhole ? (
          <DoseForm
            programme={row.programme}
            patient={row.patient}
            products={products.filter(({ code }) => code === row.product)}
            product={row.product}
            reservation={row.appointment}
            onDone={onDone}
          />
        ) : (
          <Notice tone="look" title={t('programmes.paid.not-received', 'Chưa tiếp đón người này')}>
            {t(
              'programmes.paid.not-received-hint',
              'Trạm chưa thấy đủ các mũi đã tiêm. Hãy tiếp đón trước rồi mở lại.',
            )}
          </Notice>
        )
      }
    </Loaded>
  );
}

function Move({ row, onSaved }: Saved) {
  const form = useForm<{ start: string }, object>({
    draft: null,
    initial: { start: '' },
    check: ({ start }) => (start ? {} : { start: t('programmes.paid.start-missing', 'Chọn giờ tiêm.') }),
    send: (values) =>
      api.post(`/api/programmes/paid/reservations/${encodeURIComponent(row.appointment)}/move`, values),
    onDone: () => onSaved(t('programmes.paid.moved', 'Đã đổi giờ')),
  });
  return (
    <Form
      form={form}
      label={t('programmes.paid.move', 'Đổi giờ')}
      finish={t('programmes.paid.move', 'Đổi giờ')}
    >
      <Stack gap={12}>
        <TimeChoice
          value={form.values.start}
          error={form.errors.start}
          onChange={(start) => form.set('start', start)}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('programmes.paid.move', 'Đổi giờ')}
        </Button>
      </Stack>
    </Form>
  );
}

function Cancel({ row, act, bill, onSaved }: Saved & { act: 'cancel' | 'void' | 'refund'; bill: Bill }) {
  const path =
    act === 'cancel'
      ? `/api/programmes/paid/reservations/${encodeURIComponent(row.appointment)}/cancel`
      : `/api/programmes/paid/bills/${encodeURIComponent(row.bill)}/${act}`;
  const label = {
    cancel: t('programmes.paid.cancel', 'Huỷ lịch'),
    void: t('programmes.paid.void', 'Huỷ phiếu'),
    refund: t('programmes.paid.refund-sum', 'Hoàn {sum}', { sum: formatMoney(bill.refundable) }),
  }[act];
  const form = useForm<{ why: string }, object>({
    draft: null,
    initial: { why: '' },
    check: ({ why }) => (why.trim() ? {} : { why: t('programmes.stock.why-missing', 'Ghi lý do.') }),
    send: (values) => api.post(path, values),
    onDone: () =>
      onSaved(
        act === 'refund'
          ? t('programmes.paid.refund-done', 'Đã hoàn tiền')
          : t('programmes.paid.cancel-done', 'Đã huỷ'),
      ),
  });
  return (
    <Form form={form} label={label} finish={label}>
      <Stack gap={12}>
        {bill.state === 'balanced' && <Notice tone="look">{hintOf(act)}</Notice>}
        <TextField label={t('programmes.stock.why', 'Lý do')} required {...form.field('why')} />
        <Button kind="danger" submit busy={form.busy}>
          {label}
        </Button>
      </Stack>
    </Form>
  );
}

function hintOf(act: 'cancel' | 'void' | 'refund'): string {
  if (act === 'void')
    return t('programmes.paid.refund-hint', 'Phiếu đã thu tiền: hoàn toàn bộ cho người nộp, rồi ghi lý do.');
  if (act === 'refund')
    return t(
      'programmes.paid.refund-part-hint',
      'Mũi đã tiêm giữ giá của nó, tiền các mũi chưa tiêm hoàn cho người nộp; lịch hẹn của các mũi ấy bị huỷ.',
    );
  return t(
    'programmes.paid.cancel-hint',
    'Tiền đã thu vẫn giữ: mũi này hẹn lại được ngày khác, không thu thêm.',
  );
}
