/** The visit itself: why the person came, to which room, with which card; F9 or Ctrl+Enter gives the number. */
import { useState } from 'react';
import {
  api,
  Button,
  CheckBox,
  DateField,
  type Faults,
  Form,
  type FormState,
  Grid,
  KEYS,
  Loaded,
  Notice,
  newKey,
  Row,
  SelectField,
  TextField,
  t,
  useForm,
  useKeys,
  useQuery,
} from '../../../../web/ui/index.ts';
import type { InsuranceCard, PersonLine } from '../../../people/index.ts';
import type { CheckInAnswer } from '../../reception/check-in.ts';
import type { IdentifiedBy } from '../../reception/check-in-request.ts';
import type { RoomLoad } from '../../reception/queue.ts';
import { EntitlementPanel, Remarks } from './entitlement-panel.tsx';
import { usePreview } from './preview.ts';

interface Values {
  reason: string;
  room: string;
  urgent: boolean;
  category: string;
  withoutInsurance: boolean;
  cardNumber: string;
  validFrom: string | null;
  validTo: string | null;
  registeredFacility: string;
  fiveYearsOn: string | null;
  livingArea: string;
  /** Open visits that were seen and confirmed. */
  confirmed: string[];
}

interface CheckInProps {
  person: PersonLine;
  identifiedBy: IdentifiedBy;
  card: InsuranceCard | null;
  onDone: (answer: CheckInAnswer) => void;
  onCancel: () => void;
}

export function CheckInForm(props: CheckInProps) {
  const rooms = useQuery<{ rows: RoomLoad[] }>(['rooms'], '/api/clinic/reception/rooms');
  return <Loaded read={rooms}>{({ rows }) => <RoomsKnown {...props} rooms={rows} />}</Loaded>;
}

function RoomsKnown(props: CheckInProps & { rooms: readonly RoomLoad[] }) {
  const { person } = props;
  const [key] = useState(newKey);
  const form = useForm<Values, CheckInAnswer>({
    draft: null,
    initial: { ...EMPTY, ...cardValues(props.card), room: props.rooms[0]?.id ?? '' },
    check: faultsOf,
    send: (values) =>
      api.post('/api/clinic/check-ins', bodyOf(values, person.id, props.identifiedBy), {
        idempotencyKey: keyOf(key, values),
      }),
    onDone: props.onDone,
  });
  const { values } = form;
  const body = values.room === '' ? null : { ...bodyOf(values, person.id, props.identifiedBy), reason: '' };
  const preview = usePreview(body);
  const give = t('reception.give', 'Cấp số');
  useKeys([{ key: KEYS.print, label: give, run: () => void form.submit(), disabled: form.busy }]);
  const refusals = (preview.data?.refusals ?? []).filter((each) => each.code !== 'open-visit');
  return (
    <Form form={form} label={t('reception.visit', 'Lượt khám')} finish={give}>
      <Grid min={196}>
        <TextField
          label={t('reception.reason', 'Lý do đến khám')}
          required
          autoFocus
          {...form.field('reason')}
        />
        <SelectField
          label={t('reception.room', 'Phòng')}
          required
          choices={props.rooms.map(roomChoice)}
          {...form.field('room')}
        />
        <CategoryField form={form} usual={preview.data?.category ?? null} />
      </Grid>
      <Row gap={16} wrap>
        <CheckBox
          label={t('reception.urgent', 'Cấp cứu, ưu tiên')}
          checked={values.urgent}
          onChange={(urgent) => form.set('urgent', urgent)}
        />
        <CheckBox
          label={t('reception.without-insurance', 'Không khám BHYT')}
          checked={values.withoutInsurance}
          onChange={(without) => form.set('withoutInsurance', without)}
        />
      </Row>
      {preview.data?.entitlement && <EntitlementPanel entitlement={preview.data.entitlement} />}
      {!values.withoutInsurance && <CardFields form={form} />}
      {preview.data && <Remarks remarks={preview.data.warnings} />}
      {refusals.map((each) => (
        <Notice key={each.text} tone="danger" title={each.text} />
      ))}
      {preview.error && <Notice tone="look" title={preview.error.message} />}
      <OpenVisits form={form} open={preview.data?.openVisits ?? []} />
      <Row gap={8}>
        <Button kind="primary" submit busy={form.busy}>
          {t('reception.give.long', 'Cấp số và đưa vào hàng chờ')}
        </Button>
        <Button kind="quiet" onPress={props.onCancel} keys="Escape">
          {t('reception.cancel', 'Bỏ qua')}
        </Button>
      </Row>
    </Form>
  );
}

/**
 * The card as typed or scanned; hidden until asked for, because most people's card is on file and the entitlement above
 * says what a scanned one holds. Open at once when a field of it is at fault.
 */
function CardFields({ form }: { form: FormState<Values> }) {
  const [open, setOpen] = useState(false);
  const atFault = CARD_FIELDS.some((field) => form.errors[field]);
  if (!open && !atFault) {
    return (
      <Row>
        <Button kind="quiet" small onPress={() => setOpen(true)}>
          {t('reception.card.open', 'Nhập hoặc sửa thẻ BHYT')}
        </Button>
      </Row>
    );
  }
  return (
    <Grid min={160}>
      <TextField label={t('reception.card.number', 'Số thẻ BHYT')} {...form.field('cardNumber')} />
      <DateField
        label={t('reception.card.from', 'Giá trị từ')}
        full
        expect="any"
        {...form.field('validFrom')}
      />
      <DateField label={t('reception.card.to', 'Đến')} full expect="any" {...form.field('validTo')} />
      <TextField
        label={t('reception.card.facility', 'Nơi đăng ký (mã)')}
        {...form.field('registeredFacility')}
      />
      <DateField
        label={t('reception.card.five-years', 'Đủ 5 năm từ')}
        full
        expect="any"
        {...form.field('fiveYearsOn')}
      />
    </Grid>
  );
}

function CategoryField({ form, usual }: { form: FormState<Values>; usual: string | null }) {
  const read = useQuery<{ rows: { code: string; name: string }[] }>(
    ['categories'],
    '/api/clinic/reception/categories',
  );
  const choices = (read.data?.rows ?? []).map(({ code, name }) => ({
    value: code,
    label: `${code} · ${name.slice(0, 80)}`,
  }));
  const empty =
    usual === null
      ? t('reception.category.choose', 'Chọn…')
      : t('reception.category.usual', 'Thường dùng: {code}', { code: usual });
  return (
    <SelectField
      label={t('reception.category', 'Đối tượng đến khám')}
      choices={choices}
      empty={empty}
      {...form.field('category')}
    />
  );
}

function OpenVisits(props: {
  form: FormState<Values>;
  open: readonly { id: string; ticket: string; start: string }[];
}) {
  const { form } = props;
  return props.open.map((visit) => (
    <Notice
      key={visit.id}
      tone="danger"
      title={t(
        'reception.open-visit',
        'Hôm nay người này đã có lượt khám chưa xong: số {ticket}, lúc {time}',
        {
          ticket: visit.ticket,
          time: visit.start.slice(11, 16),
        },
      )}
    >
      <CheckBox
        label={t('reception.open-visit.more', 'Vẫn tạo thêm một lượt khám nữa')}
        checked={form.values.confirmed.includes(visit.id)}
        onChange={(on) =>
          form.set(
            'confirmed',
            on ? [...form.values.confirmed, visit.id] : form.values.confirmed.filter((id) => id !== visit.id),
          )
        }
      />
    </Notice>
  ));
}

const CARD_FIELDS = ['cardNumber', 'validFrom', 'validTo', 'registeredFacility', 'fiveYearsOn'];

function roomChoice(room: RoomLoad) {
  return {
    value: room.id,
    label: t('reception.room.load', '{name} · {n} người chờ', { name: room.name, n: room.waiting }),
  };
}

const EMPTY: Values = {
  reason: '',
  room: '',
  urgent: false,
  category: '',
  withoutInsurance: false,
  cardNumber: '',
  validFrom: null,
  validTo: null,
  registeredFacility: '',
  fiveYearsOn: null,
  livingArea: '',
  confirmed: [],
};

function cardValues(card: InsuranceCard | null): Partial<Values> {
  if (!card) return {};
  return {
    cardNumber: card.cardNumber ?? card.insuranceNumber,
    validFrom: card.validFrom,
    validTo: card.validTo,
    registeredFacility: card.facility ?? '',
    fiveYearsOn: card.fiveYearsOn,
    livingArea: card.livingArea ?? '',
  };
}

function bodyOf(values: Values, patient: string, identifiedBy: IdentifiedBy) {
  const { cardNumber, validFrom, validTo, registeredFacility, fiveYearsOn, livingArea } = values;
  const card = {
    cardNumber,
    validFrom: validFrom ?? '',
    validTo: validTo ?? '',
    registeredFacility,
    fiveYearsOn: fiveYearsOn ?? '',
    livingArea,
  };
  return {
    patient,
    room: values.room,
    reason: values.reason,
    priority: values.urgent ? 'EM' : 'R',
    identifiedBy,
    category: values.category,
    withoutInsurance: values.withoutInsurance,
    confirmedOpenVisits: values.confirmed,
    ...(cardNumber.trim() !== '' && !values.withoutInsurance ? { coverage: card } : {}),
  };
}

/** A request that was corrected is another request, so it gets another key; the same one sent twice keeps its key. */
function keyOf(key: string, values: Values): string {
  let sum = 0;
  for (const letter of JSON.stringify(values)) sum = (sum * 31 + letter.charCodeAt(0)) | 0;
  return `${key}-${(sum >>> 0).toString(36)}`;
}

function faultsOf(values: Values): Faults<Values> {
  return {
    ...(values.reason.trim() === '' ? { reason: t('reception.reason.missing', 'Ghi lý do đến khám.') } : {}),
    ...(values.room === '' ? { room: t('reception.room.missing', 'Chọn phòng.') } : {}),
  };
}
