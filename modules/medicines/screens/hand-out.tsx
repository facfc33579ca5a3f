/** What a person is to get by prescription, out of which lots; Ctrl+Enter hands it out. Below, what was handed out. */
import {
  api,
  Badge,
  type BannerPerson,
  Button,
  ButtonLink,
  CheckBox,
  Empty,
  Form,
  formatDate,
  formatNumber,
  Loaded,
  NumberField,
  Page,
  Panel,
  PatientBanner,
  Row,
  RuleCards,
  refresh,
  type ScreenProps,
  Stack,
  Table,
  Text,
  TextField,
  TwoLines,
  t,
  toast,
  useForm,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { GivenRead, PersonLineRead } from '../hand-over.ts';
import { Given } from './given.tsx';

interface PersonRead {
  lines: PersonLineRead[];
  given: GivenRead[];
  today: string;
  early: number;
}

export default function HandOutScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const at = encodeURIComponent(patient);
  const me = useMe();
  const person = useQuery<BannerPerson>(['person', patient], `/api/people/${at}/banner`);
  const read = useQuery<PersonRead>(['medicines', 'person', patient], `/api/medicines/people/${at}`);
  usePush(me.unit ? `medicines/${me.unit}` : null, () => refresh(['medicines']));
  return (
    <Page title={t('medicines.hand-out', 'Cấp thuốc cho một người')} hideTitle>
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      <Loaded read={read}>
        {(found) => (
          <Stack gap={16}>
            {found.lines.length === 0 ? (
              <Empty title={t('medicines.nothing', 'Không có đơn nào còn thuốc chưa lĩnh')}>
                {t('medicines.nothing.hint', 'Bác sĩ kê và ký đơn ở Khám bệnh; đơn đã ký hiện ra ở đây.')}
              </Empty>
            ) : (
              <HandOut
                key={found.lines.map(({ request, handed }) => `${request} ${handed}`).join()}
                read={found}
                patient={patient}
              />
            )}
            <Given rows={found.given} />
            <Row gap={8} wrap>
              <ButtonLink to="/cap-thuoc">{t('medicines.back', 'Danh sách cấp thuốc')}</ButtonLink>
              <ButtonLink to={`/theo-doi/${at}`}>
                {t('medicines.programmes', 'Chương trình theo dõi')}
              </ButtonLink>
            </Row>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

interface Values {
  chosen: Record<string, boolean>;
  amounts: Record<string, number | null>;
  why: string;
}

function HandOut({ read, patient }: { read: PersonRead; patient: string }) {
  const form = useForm<Values, { handed: { name: string; lot: string; amount: number }[] }>({
    draft: null,
    initial: {
      chosen: Object.fromEntries(read.lines.map((line) => [line.request, isProposed(line, read)])),
      amounts: Object.fromEntries(read.lines.map((line) => [line.request, line.standing.amount || null])),
      why: '',
    },
    check: ({ chosen, amounts }) => {
      if (read.lines.some((line) => isMissing(line, { chosen, amounts })))
        return { amounts: t('medicines.amount-needed', 'Ghi số lượng.') };
      return Object.values(chosen).some(Boolean)
        ? {}
        : { chosen: t('medicines.none-chosen', 'Chọn ít nhất một thuốc để cấp.') };
    },
    send: ({ chosen, amounts, why }) =>
      api.post(`/api/medicines/people/${encodeURIComponent(patient)}/dispenses`, {
        lines: read.lines
          .filter(({ request }) => chosen[request])
          .map(({ request }) => ({ request, amount: amounts[request] })),
        why,
      }),
    onDone: ({ handed }) => {
      toast(
        t('medicines.handed', 'Đã cấp: {what}', {
          what: handed
            .map(({ name, lot, amount }) => `${name} × ${formatNumber(amount)} (${lot})`)
            .join('; '),
        }),
      );
      void refresh(['medicines']);
    },
  });
  const handed = read.lines.flatMap(({ request }) => (form.values.chosen[request] ? [request] : []));
  const isEarly = read.lines.some((line) => form.values.chosen[line.request] && !isDue(line, read));
  return (
    <Panel title={t('medicines.to-hand-out', 'Thuốc theo đơn')}>
      {handed.length > 0 && <RuleCards patient={patient} dispensing={handed} />}
      <Form
        form={form}
        label={t('medicines.to-hand-out', 'Thuốc theo đơn')}
        finish={t('medicines.finish', 'Cấp thuốc')}
      >
        <Stack gap={12}>
          <Lines
            lines={read.lines}
            values={form.values}
            onChoose={(request, chosen) => form.set('chosen', { ...form.values.chosen, [request]: chosen })}
            onAmount={(request, amount) =>
              form.setAll((before) => ({
                ...before,
                amounts: { ...before.amounts, [request]: amount },
                chosen: { ...before.chosen, [request]: amount !== null },
              }))
            }
          />
          {isEarly && (
            <TextField
              label={t('medicines.why-early', 'Cấp sớm: lý do')}
              hint={t('medicines.why-early.hint', 'Thuốc đã cấp còn dùng hơn {days} ngày', {
                days: String(read.early),
              })}
              required
              {...form.field('why')}
            />
          )}
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('medicines.finish', 'Cấp thuốc')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Panel>
  );
}

const isMissing = ({ request }: PersonLineRead, { chosen, amounts }: Pick<Values, 'chosen' | 'amounts'>) =>
  chosen[request] === true && !amounts[request];

/** Used up within the days in which nobody asks why. */
function isDue({ standing }: PersonLineRead, { today, early }: PersonRead): boolean {
  return (Date.parse(standing.next) - Date.parse(today)) / 86_400_000 <= early;
}

const isProposed = (line: PersonLineRead, read: PersonRead) =>
  line.standing.amount > 0 && line.lots.length > 0 && isDue(line, read);

function Lines(props: {
  lines: PersonLineRead[];
  values: Values;
  onChoose: (request: string, chosen: boolean) => void;
  onAmount: (request: string, amount: number | null) => void;
}) {
  return (
    <Table
      label={t('medicines.to-hand-out', 'Thuốc theo đơn')}
      rows={props.lines}
      rowKey={(line) => line.request}
      tone={(line) => (line.usable === 0 ? 'look' : undefined)}
      columns={[
        {
          key: 'name',
          title: t('medicines.col.medicine', 'Thuốc'),
          narrow: 12,
          draw: (line, at) => (
            <Stack gap={0}>
              <CheckBox
                {...(at === 0 ? { name: 'chosen' } : {})}
                label={line.name}
                checked={props.values.chosen[line.request] ?? false}
                onChange={(chosen) => props.onChoose(line.request, chosen)}
              />
              <Text size={12} tone="soft">
                {line.usage}
              </Text>
            </Stack>
          ),
        },
        {
          key: 'prescribed',
          title: t('medicines.col.prescribed', 'Đơn kê'),
          narrow: 6,
          named: true,
          draw: (line) => (
            <TwoLines
              first={`${formatNumber(line.quantity)} ${line.unit}`}
              second={t('medicines.prescribed-on', '{day}, {days} ngày', {
                day: formatDate(line.authored),
                days: formatNumber(line.days),
              })}
            />
          ),
        },
        {
          key: 'left',
          title: t('medicines.col.left', 'Còn được lĩnh'),
          narrow: 6,
          named: true,
          draw: (line) => <Left line={line} />,
        },
        {
          key: 'amount',
          title: t('medicines.col.amount', 'Cấp'),
          width: 130,
          narrow: 5,
          named: true,
          draw: (line) => (
            <NumberField
              label={t('medicines.amount-of', 'Số lượng {name}', { name: line.name })}
              name={isMissing(line, props.values) ? 'amounts' : `amount-${line.request}`}
              bare
              whole
              unit={line.unit}
              value={props.values.amounts[line.request] ?? null}
              onChange={(amount) => props.onAmount(line.request, amount)}
            />
          ),
        },
        {
          key: 'lots',
          title: t('medicines.col.lots', 'Lấy từ lô'),
          narrow: 7,
          named: true,
          draw: (line) => <Lots line={line} />,
        },
      ]}
    />
  );
}

function Left({ line }: { line: PersonLineRead }) {
  const left = `${formatNumber(line.quantity - line.handed)} ${line.unit}`;
  if (line.isBeforeStock && line.handed === 0)
    return <TwoLines first={left} second={t('medicines.before-stock', 'kê trước khi có kho thuốc')} />;
  return (
    <TwoLines
      first={left}
      second={
        line.handed === 0
          ? t('medicines.never', 'chưa lĩnh lần nào')
          : t('medicines.lasts-until', 'đã cấp đủ đến {day}', { day: formatDate(line.standing.next) })
      }
    />
  );
}

function Lots({ line }: { line: PersonLineRead }) {
  if (line.usable === 0) return <Badge tone="look">{t('medicines.no-stock', 'kho hết')}</Badge>;
  if (line.lots.length === 0)
    return (
      <Text tone="soft">
        {t('medicines.stock-left', 'kho còn {amount}', {
          amount: `${formatNumber(line.usable)} ${line.unit}`,
        })}
      </Text>
    );
  return (
    <Stack gap={0}>
      {line.lots.map(({ lot, expires, amount }) => (
        <Text key={lot} size={13}>
          {t('medicines.lot-line', '{lot} (hạn {expires}): {amount}', {
            lot,
            expires: formatDate(expires),
            amount: formatNumber(amount),
          })}
        </Text>
      ))}
    </Stack>
  );
}
