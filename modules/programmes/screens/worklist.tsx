/** Who is due, late, to be invited or silent in a programme; open the person, or write down what came of a call. */
import { useState } from 'react';
import type { CallResult } from '../../../engines/programmes/browser.ts';
import {
  Badge,
  Button,
  ButtonLink,
  type Column,
  Dialog,
  Empty,
  FilterChips,
  formatDate,
  KEYS,
  Link,
  ListPanel,
  navigate,
  Page,
  Row,
  refresh,
  type ScreenProps,
  SearchField,
  SelectField,
  Stack,
  Text,
  TwoLines,
  t,
  today,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { WorkRow } from '../lists.ts';
import { CallForm } from './call-form.tsx';
import { nameColumn, villageColumn } from './person-columns.tsx';
import type { ProgrammeRow } from './programmes.tsx';
import { RemindForm } from './remind-form.tsx';
import { callWord } from './words.ts';

export default function WorklistScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const me = useMe();
  const [chosen, setChosen] = useUrlState('loc', 'due');
  const [village, setVillage] = useUrlState('thon', '');
  const [text, setText] = useState('');
  const [calling, setCalling] = useState<WorkRow | null>(null);
  const [reminding, setReminding] = useState(false);
  const query = new URLSearchParams({
    list: chosen,
    ...(village ? { village } : {}),
    ...(text ? { q: text } : {}),
  }).toString();
  const list = useList<WorkRow>(['programmes', key, query], `/api/programmes/${key}/worklist?${query}`);
  const counts = useQuery<{ rows: ProgrammeRow[] }>(['programmes'], '/api/programmes');
  const villages = useQuery<{ rows: { village: string; people: number }[] }>(
    ['programmes', key, 'villages'],
    `/api/programmes/${key}/villages`,
  );
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes']));
  const programme = counts.data?.rows.find((row) => row.key === key);
  const title = programme?.title ?? t('programmes.worklist', 'Danh sách việc');
  return (
    <Page
      title={title}
      acts={
        <Row gap={8}>
          {REMINDED.includes(chosen) && (
            <Button onPress={() => setReminding(true)}>{t('programmes.remind', 'Nhắc hẹn')}</Button>
          )}
          {programme?.hasCoverage && (
            <ButtonLink to={`/chuong-trinh/${key}/bao-phu`}>{t('programmes.coverage', 'Bao phủ')}</ButtonLink>
          )}
          <ButtonLink to={`/chuong-trinh/${key}/buoi`}>
            {programme?.hasDoses
              ? t('programmes.session', 'Lập buổi tiêm')
              : t('programmes.session.other', 'Lập buổi')}
          </ButtonLink>
        </Row>
      }
      fill
    >
      <FilterChips
        label={t('programmes.lists', 'Danh sách')}
        chips={chipsOf(programme)}
        value={chosen}
        onChange={setChosen}
      />
      <ListPanel
        id={`programme-${key}`}
        label={title}
        list={list}
        columns={columns(chosen)}
        rowKey={(row) => row.patient}
        rowHeight={56}
        onOpen={(row) => navigate(`/chuong-trinh/${key}/nguoi/${encodeURIComponent(row.patient)}`)}
        acts={[{ key: KEYS.next, label: t('programmes.call', 'Ghi cuộc gọi'), run: setCalling }]}
        bar={
          <Row wrap>
            <SearchField
              label={t('programmes.find', 'Tìm họ tên, nơi ở')}
              width="260px"
              value={text}
              onChange={setText}
            />
            <SelectField
              label={t('programmes.village', 'Thôn')}
              name="village"
              bare
              value={village}
              onChange={setVillage}
              empty={t('programmes.village.all', 'Mọi thôn')}
              choices={(villages.data?.rows ?? [])
                .filter((row) => row.village)
                .map((row) => ({ value: row.village, label: `${row.village} (${row.people})` }))}
            />
          </Row>
        }
        empty={
          <Empty title={t('programmes.nobody', 'Không có ai trong danh sách này')}>
            {t(
              'programmes.nobody.hint',
              'Danh sách lập từ hồ sơ và tự đổi khi có mũi tiêm, lượt khám hay cuộc gọi mới. Hãy chọn danh sách khác ở trên.',
            )}
          </Empty>
        }
      />
      <Dialog
        title={t('programmes.remind', 'Nhắc hẹn')}
        opened={reminding}
        onClose={() => setReminding(false)}
      >
        {reminding && (
          <RemindForm programme={key} list={chosen} village={village} onDone={() => setReminding(false)} />
        )}
      </Dialog>
      <Dialog
        title={t('programmes.call.of', 'Cuộc gọi cho {name}', { name: calling?.fullName ?? '' })}
        opened={calling !== null}
        onClose={() => setCalling(null)}
      >
        {calling && <CallForm programme={key} patient={calling.patient} onDone={() => setCalling(null)} />}
      </Dialog>
    </Page>
  );
}

/** Lists of whom something is to be asked. */
const REMINDED = ['due', 'week', 'overdue', 'calls', 'invite'];

function chipsOf(row: ProgrammeRow | undefined) {
  const count = (value: number | undefined) => (value === undefined ? {} : { count: value });
  return [
    { value: 'due', label: t('programmes.count.due', 'Đến hạn'), ...count(row?.due) },
    { value: 'week', label: t('programmes.count.week', 'Trong 7 ngày tới'), ...count(row?.week) },
    { value: 'overdue', label: t('programmes.count.overdue', 'Quá hạn'), ...count(row?.overdue) },
    { value: 'calls', label: t('programmes.list.calls', 'Đến ngày gọi lại'), ...count(row?.calls) },
    { value: 'later', label: t('programmes.list.later', 'Đã hẹn ngày'), ...count(row?.later) },
    { value: 'invite', label: t('programmes.count.invite', 'Cần mời ghi danh'), ...count(row?.invite) },
    { value: 'all', label: t('programmes.count.enrolled', 'Đang theo dõi'), ...count(row?.enrolled) },
    { value: 'silent', label: t('programmes.list.silent', 'Đã chuyển, mất, từ chối'), ...count(row?.silent) },
  ];
}

function columns(list: string): Column<WorkRow>[] {
  const hasTasks = !['invite', 'silent', 'all'].includes(list);
  return [
    nameColumn('1.5fr'),
    villageColumn(),
    {
      key: 'task',
      title: hasTasks ? t('programmes.col.task', 'Việc cần làm') : t('programmes.col.state', 'Tình trạng'),
      width: '2.4fr',
      draw: (row) => (hasTasks ? <Tasks row={row} /> : <State row={row} />),
    },
    ...(hasTasks
      ? [
          {
            key: 'due',
            title: t('programmes.col.due', 'Hạn'),
            width: '170px',
            draw: (row: WorkRow) => <Due row={row} />,
          },
        ]
      : []),
    {
      key: 'call',
      title: t('programmes.col.call', 'Gọi gần nhất'),
      width: '1.2fr',
      draw: (row) => <LastCall row={row} />,
    },
  ];
}

function Tasks({ row }: { row: WorkRow }) {
  const words = row.tasks.map(({ title }) => title).join(' · ');
  const form = row.tasks.find((task) => task.form)?.form;
  const [first] = row.advice.filter(({ priority }) => priority !== 'routine');
  const why = first?.title ?? row.tasks[0]?.reason ?? '';
  return (
    <Stack gap={0}>
      <Text oneLine title={words}>
        {words}
      </Text>
      <Row gap={8}>
        <Text size={12} tone={first ? 'look' : 'soft'} oneLine title={why}>
          {why}
        </Text>
        {form && (
          <Row style={{ flex: 'none' }}>
            <Link to={`/bieu-mau/${encodeURIComponent(form)}?nguoi=${encodeURIComponent(row.patient)}`}>
              {t('programmes.form', 'Điền phiếu')}
            </Link>
          </Row>
        )}
      </Row>
    </Stack>
  );
}

function Due({ row }: { row: WorkRow }) {
  const [first] = row.tasks;
  if (!first) return <>–</>;
  const isLate = first.overdue < today();
  return (
    <Badge tone={isLate ? 'look' : 'neutral'}>
      {isLate
        ? t('programmes.late-since', 'trễ từ {day}', { day: formatDate(first.overdue) })
        : formatDate(first.due)}
    </Badge>
  );
}

function State({ row }: { row: WorkRow }) {
  if (row.silence)
    return (
      <TwoLines
        first={callWord(row.silence as CallResult)}
        second={t('programmes.since', 'từ {day}', { day: formatDate(row.silentSince) })}
      />
    );
  if (row.state === 'proposed') return <>{t('programmes.state.proposed', 'Thuộc diện, chưa ghi danh')}</>;
  const [target] = row.targets;
  const met = target?.met;
  return (
    <TwoLines
      first={t('programmes.since', 'từ {day}', { day: formatDate(row.since) })}
      second={
        target
          ? `${target.text}: ${met === null ? t('programmes.met.unknown', 'chưa có số đo') : met ? t('programmes.met.yes', 'đạt') : t('programmes.met.no', 'chưa đạt')}`
          : ''
      }
    />
  );
}

function LastCall({ row }: { row: WorkRow }) {
  if (!row.lastCall) return <Text tone="soft">–</Text>;
  return (
    <TwoLines
      first={callWord(row.lastCall as CallResult)}
      second={
        row.nextCall
          ? t('programmes.call.again', 'gọi lại {day}', { day: formatDate(row.nextCall) })
          : formatDate(row.lastCalled)
      }
    />
  );
}
