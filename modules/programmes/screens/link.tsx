/** A person's vaccinations elsewhere beside ours: what both know stands once; what differs is decided here, by a person, with a reason. */
import { useState } from 'react';
import type { Product } from '../../../engines/programmes/browser.ts';
import {
  api,
  Badge,
  type BannerPerson,
  Button,
  ButtonLink,
  Dialog,
  Empty,
  Form,
  formatDate,
  formatNumber,
  Loaded,
  language,
  Notice,
  Page,
  Panel,
  PatientBanner,
  RadioList,
  Row,
  refresh,
  type ScreenProps,
  SelectField,
  Stack,
  Table,
  Text,
  TextField,
  type Tone,
  TwoLines,
  t,
  toast,
  useForm,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { LinkedDose } from '../link/compare.ts';
import type { LinkRead } from '../link/routes.ts';
import { SharedPanel } from './shared-panel.tsx';

type Line = LinkRead['rows'][number];

export default function LinkScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const at = encodeURIComponent(patient);
  const person = useQuery<BannerPerson>(['person', patient], `/api/people/${at}/banner`);
  const read = useQuery<LinkRead>(['programmes', 'link', patient], `/api/programmes/link/people/${at}`);
  const title = read.data?.title?.[language() === 'en' ? 'en' : 'vi'];
  return (
    <Page
      title={title ?? t('programmes.link', 'Mũi tiêm ở nơi khác')}
      acts={
        <ButtonLink to={`/theo-doi/${at}`}>
          {t('programmes.of-person', 'Chương trình của một người')}
        </ButtonLink>
      }
    >
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      <Loaded read={read}>{(found) => <Found read={found} patient={patient} retry={read.refresh} />}</Loaded>
      <SharedPanel patient={patient} />
    </Page>
  );
}

function Found({ read, patient, retry }: { read: LinkRead; patient: string; retry: () => void }) {
  const [deciding, setDeciding] = useState<Line | null>(null);
  const send = useMutation(
    () => api.post<{ sent: number }>(`/api/programmes/link/people/${encodeURIComponent(patient)}/send`, {}),
    {
      refreshes: [['programmes', 'link', patient]],
      onDone: ({ sent }) =>
        toast(t('programmes.link.sent', 'Đã gửi {count} mũi', { count: formatNumber(sent) })),
    },
  );
  if (!read.connected)
    return (
      <Notice tone="info" title={t('programmes.link.none', 'Chưa nối với hệ thống tiêm chủng nào khác')}>
        {t(
          'programmes.link.none-hint',
          'Không có gì được hỏi hay gửi đi. Quản trị khai địa chỉ ở cài đặt YBA_IMMUNISATION.',
        )}
      </Notice>
    );
  if (read.failure)
    return (
      <Notice
        tone="look"
        title={read.failure}
        acts={<Button onPress={retry}>{t('programmes.link.retry', 'Hỏi lại')}</Button>}
      >
        {t('programmes.link.failed-hint', 'Mũi tiêm ghi ở đây vẫn đủ; chưa biết nơi khác có gì thêm.')}
      </Notice>
    );
  if (read.person === null)
    return (
      <Notice tone="info" title={t('programmes.link.unknown', 'Nơi khác không có người mang số này')}>
        {t('programmes.link.unknown-hint', 'Không có mũi nào để lấy về; chưa gửi được mũi nào sang.')}
      </Notice>
    );
  const own = read.rows.filter(({ state, ours }) => state === 'ours' && ours).length;
  const isSame = read.person.differences.length === 0;
  return (
    <Stack gap={16}>
      <PersonOfTheirs person={read.person} />
      {read.leftOut > 0 && (
        <Notice tone="look">
          {t(
            'programmes.link.left-out',
            '{count} dòng của nơi khác không đọc được hoặc của người khác: đã bỏ qua.',
            {
              count: formatNumber(read.leftOut),
            },
          )}
        </Notice>
      )}
      {send.error && <Notice tone="danger" title={send.error.message} />}
      <Panel
        title={t('programmes.link.doses', 'Mũi tiêm hai bên')}
        flush
        acts={
          own > 0 && isSame ? (
            <Button busy={send.busy} onPress={() => void send.run(undefined).catch(() => undefined)}>
              {t('programmes.link.send', 'Gửi {count} mũi chỉ có ở đây', { count: formatNumber(own) })}
            </Button>
          ) : null
        }
      >
        <Lines rows={read.rows} onDecide={setDeciding} />
      </Panel>
      <Dialog
        title={deciding?.theirs?.name ?? ''}
        opened={deciding !== null}
        onClose={() => setDeciding(null)}
        width={620}
      >
        {deciding && (
          <Decide
            line={deciding}
            patient={patient}
            isSame={isSame}
            onDone={() => {
              setDeciding(null);
              void refresh(['programmes']);
            }}
          />
        )}
      </Dialog>
    </Stack>
  );
}

function PersonOfTheirs({ person }: { person: NonNullable<LinkRead['person']> }) {
  if (person.differences.length === 0) return null;
  const words: Record<string, string> = {
    name: t('programmes.link.diff.name', 'họ tên'),
    birthDate: t('programmes.link.diff.birth', 'ngày sinh'),
    gender: t('programmes.link.diff.sex', 'giới tính'),
  };
  return (
    <Notice
      tone="danger"
      title={t('programmes.link.other-person', 'Có thể là người khác: khác {what}', {
        what: person.differences.map((one) => words[one] ?? one).join(', '),
      })}
    >
      {t(
        'programmes.link.other-person-hint',
        'Nơi khác ghi {name}, sinh {birth}. Đối chiếu giấy tờ, sổ tiêm; lấy mũi nào phải ghi lý do. Chưa gửi được mũi nào sang.',
        { name: person.name, birth: formatDate(person.birthDate) },
      )}
    </Notice>
  );
}

function Lines({ rows, onDecide }: { rows: Line[]; onDecide: (line: Line) => void }) {
  const label = t('programmes.link.doses', 'Mũi tiêm hai bên');
  return (
    <Table
      label={label}
      rows={rows}
      rowKey={({ theirs, ours }) => `${theirs?.id ?? ''} ${ours?.id ?? ''}`}
      tone={(row) => (waits(row) ? 'look' : undefined)}
      empty={
        <Empty title={t('programmes.link.empty', 'Hai bên đều chưa có mũi tiêm nào')}>
          {t('programmes.link.empty-hint', 'Mũi tiêm ghi ở đây sẽ hiện ở bảng này.')}
        </Empty>
      }
      columns={[
        {
          key: 'ours',
          title: t('programmes.link.here', 'Ở đây'),
          narrow: 6,
          named: true,
          draw: (row) => <DoseCell dose={row.ours} />,
        },
        {
          key: 'theirs',
          title: t('programmes.link.there', 'Nơi khác'),
          narrow: 6,
          named: true,
          draw: (row) => <DoseCell dose={row.theirs} copies={row.copies} />,
        },
        {
          key: 'state',
          title: t('programmes.col.state', 'Tình trạng'),
          narrow: 6,
          draw: (row) => <State row={row} />,
        },
        {
          key: 'act',
          title: t('programmes.col.act', 'Việc'),
          narrow: 6,
          draw: (row) =>
            waits(row) ? (
              <Button small onPress={() => onDecide(row)}>
                {row.state === 'differs'
                  ? t('programmes.link.decide', 'Xử lý')
                  : t('programmes.link.take', 'Lấy về')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}

const waits = ({ state, decided }: Line) => decided === null && state !== 'same' && state !== 'ours';

function DoseCell({ dose, copies = 1 }: { dose: LinkedDose | null; copies?: number }) {
  if (!dose) return <Text tone="soft">–</Text>;
  const lot = dose.lot ? t('programmes.stock.lot-of', 'lô {lot}', { lot: dose.lot }) : '';
  const often =
    copies > 1 ? t('programmes.link.copies', 'có {count} lần', { count: formatNumber(copies) }) : '';
  return (
    <Stack gap={0}>
      <Text>{`${formatDate(dose.day)} · ${dose.name}`}</Text>
      <Text size={12} tone="soft">
        {[lot, dose.place, often].filter(Boolean).join(' · ')}
      </Text>
    </Stack>
  );
}

function State({ row }: { row: Line }) {
  if (row.decided) return <TwoLines first={decisionWord(row.decided.decision)} second={row.decided.why} />;
  const states: Record<Line['state'], [Tone, string]> = {
    same: ['done', t('programmes.link.state.same', 'hai bên như nhau')],
    ours: ['neutral', t('programmes.link.state.ours', 'chỉ có ở đây')],
    theirs: ['info', t('programmes.link.state.theirs', 'chỉ có ở nơi khác')],
    differs: ['look', t('programmes.link.state.differs', 'khác nhau')],
    'unknown-code': ['look', t('programmes.link.state.code', 'mã vắc xin lạ')],
  };
  const [tone, word] = states[row.state];
  const differences = row.differences.map(differenceWord).join(', ');
  return <TwoLines first={<Badge tone={tone}>{word}</Badge>} second={differences} />;
}

function differenceWord(difference: string): string {
  if (difference === 'lot') return t('programmes.link.diff.lot', 'số lô');
  return difference === 'day'
    ? t('programmes.link.diff.day', 'ngày tiêm')
    : t('programmes.link.diff.vaccine', 'vắc xin');
}

function decisionWord(decision: string): string {
  if (decision === 'keep') return t('programmes.link.did.keep', 'giữ như ở đây');
  if (decision === 'two') return t('programmes.link.did.two', 'là hai mũi');
  return decision === 'correct'
    ? t('programmes.link.did.correct', 'đã sửa theo nơi khác')
    : t('programmes.link.did.add', 'đã lấy về');
}

interface Values {
  decision: string;
  product: string;
  why: string;
}

function Decide(props: { line: Line; patient: string; isSame: boolean; onDone: () => void }) {
  const { line, patient, isSame } = props;
  const differs = line.state === 'differs';
  const needsProduct = line.theirs?.product === '';
  const catalogue = useQuery<{ products: Pick<Product, 'code' | 'name'>[] }>(
    ['programmes', 'stock'],
    needsProduct ? '/api/programmes/stock' : null,
  );
  const form = useForm<Values, object>({
    draft: null,
    initial: { decision: differs ? '' : 'add', product: '', why: '' },
    check: ({ decision, product, why }) => ({
      ...(decision ? {} : { decision: t('programmes.link.decision-missing', 'Chọn cách xử lý.') }),
      ...(needsProduct && decision !== 'keep' && !product
        ? { product: t('programmes.dose.product-missing', 'Chọn vắc xin.') }
        : {}),
      ...((decision !== 'add' || !isSame) && !why.trim()
        ? { why: t('programmes.stock.why-missing', 'Ghi lý do.') }
        : {}),
    }),
    send: (values) =>
      api.post(`/api/programmes/link/people/${encodeURIComponent(patient)}/decisions`, {
        ...values,
        theirs: line.theirs?.id,
        content: line.content,
      }),
    onDone: () => {
      toast(t('programmes.link.saved', 'Đã ghi'));
      props.onDone();
    },
  });
  return (
    <Form form={form} label={t('programmes.link.decide', 'Xử lý')} finish={t('programmes.link.save', 'Ghi')}>
      <Stack gap={12}>
        <DoseCell dose={line.theirs} copies={line.copies} />
        <RadioList
          label={t('programmes.link.decision', 'Cách xử lý')}
          choices={choicesFor(differs)}
          error={form.errors.decision}
          {...form.field('decision')}
        />
        {needsProduct && form.values.decision !== 'keep' && (
          <SelectField
            label={t('programmes.session.vaccine', 'Vắc xin')}
            required
            empty="–"
            hint={t('programmes.link.code-hint', 'Nơi khác ghi: {name}', { name: line.theirs?.name ?? '' })}
            choices={(catalogue.data?.products ?? []).map(({ code, name }) => ({ value: code, label: name }))}
            {...form.field('product')}
          />
        )}
        <TextField
          label={t('programmes.stock.why', 'Lý do')}
          required={differs || !isSame || form.values.decision === 'keep'}
          {...form.field('why')}
        />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('programmes.link.save', 'Ghi')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

function choicesFor(differs: boolean) {
  const keep = { value: 'keep', label: t('programmes.link.keep', 'Giữ như ở đây, không hỏi lại') };
  if (!differs) return [{ value: 'add', label: t('programmes.link.add', 'Lấy về hồ sơ này') }, keep];
  return [
    keep,
    { value: 'correct', label: t('programmes.link.correct', 'Sửa mũi ở đây theo nơi khác') },
    { value: 'two', label: t('programmes.link.two', 'Là hai mũi khác nhau: lấy thêm mũi của nơi khác') },
  ];
}
