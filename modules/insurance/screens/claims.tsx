/** The day's insurance files: each a view of a visit, with its faults and what to do about them. */
import { useState } from 'react';
import {
  Badge,
  type Column,
  Columns,
  DayField,
  Empty,
  FileLink,
  FilterChips,
  formatDate,
  formatMoney,
  ListPanel,
  Page,
  Row,
  refresh,
  SearchField,
  Stack,
  Text,
  TwoLines,
  t,
  today,
  useList,
  useMe,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { ClaimLine } from '../claims/overview.ts';
import { ClaimPanel } from './claims/panel.tsx';
import { FILTERS, stateWord, TONES } from './claims/state.ts';

const ROW_HEIGHT = 60;

export default function ClaimsScreen() {
  const me = useMe();
  const [day, setDay] = useUrlState('ngay', today());
  const [state, setState] = useUrlState('loc', '');
  const [chosen, setChosen] = useUrlState('ho-so', '');
  const [text, setText] = useState('');
  const query = new URLSearchParams({
    date: day,
    ...(state ? { state } : {}),
    ...(text ? { q: text } : {}),
  }).toString();
  const list = useList<ClaimLine>(['claims', query], `/api/insurance/claims?${query}`);
  usePush(me.unit ? `clinic/arrivals/${me.unit}` : null, () => refresh(['claims']));
  const bar = (
    <Row wrap>
      <DayField label={t('claims.day', 'Ngày khám')} name="day" value={day} onChange={setDay} />
      <FilterChips
        label={t('claims.filter', 'Lọc theo trạng thái')}
        chips={[
          { value: '', label: t('claims.all', 'Tất cả') },
          ...FILTERS.map((value) => ({ value, label: stateWord(value) })),
        ]}
        value={state}
        onChange={setState}
      />
      <SearchField
        label={t('claims.find', 'Tìm họ tên, số thẻ, mã LK')}
        width="240px"
        value={text}
        onChange={setText}
      />
    </Row>
  );
  return (
    <Page
      title={t('claims.title', 'Hồ sơ BHYT')}
      acts={
        <FileLink href={`/api/insurance/claims/day.zip?date=${day}`}>
          {t('claims.zip', 'Tải hồ sơ cả ngày')}
        </FileLink>
      }
      fill
    >
      <Columns widths={chosen ? ['1fr', '520px'] : ['1fr']} fill>
        <ListPanel
          id="claims"
          label={t('claims.of', 'Hồ sơ BHYT ngày {day}', { day: formatDate(day) })}
          list={list}
          columns={columns(chosen !== '')}
          rowKey={(row) => row.encounter}
          onOpen={(row) => setChosen(row.encounter)}
          tone={(row) => (row.state === 'errors' || row.state === 'unreadable' ? 'danger' : undefined)}
          rowHeight={ROW_HEIGHT}
          bar={bar}
          empty={<NoClaims day={day} state={state} text={text} />}
          autoFocus
        />
        {chosen && <ClaimPanel encounter={chosen} onClose={() => setChosen('')} />}
      </Columns>
    </Page>
  );
}

function NoClaims(props: { day: string; state: string; text: string }) {
  return (
    <Empty title={t('claims.none', 'Không có hồ sơ nào')}>
      {props.text
        ? t('claims.none-found', 'Không có hồ sơ nào chứa các từ đã gõ. Xoá bớt từ, hoặc chọn “Tất cả”.')
        : props.state
          ? t(
              'claims.none-state',
              'Ngày {day} không có hồ sơ ở trạng thái này. Chọn “Tất cả” để xem cả ngày.',
              {
                day: formatDate(props.day),
              },
            )
          : t('claims.none-day', 'Ngày {day} chưa có lượt khám nào. Hồ sơ hiện ở đây ngay khi tiếp đón.', {
              day: formatDate(props.day),
            })}
    </Empty>
  );
}

/** Beside an open file only what tells visits apart is left. */
function columns(narrow: boolean): Column<ClaimLine>[] {
  const all: Column<ClaimLine>[] = [
    {
      key: 'ticket',
      title: t('claims.ticket', 'Số'),
      width: '56px',
      number: true,
      draw: (row) => row.ticket,
    },
    { key: 'person', title: t('claims.person', 'Người bệnh'), width: '1.4fr', draw: personCell },
    {
      key: 'total',
      title: t('claims.total', 'Tổng chi'),
      width: '104px',
      align: 'right',
      number: true,
      draw: (row) => money(row.total),
    },
    {
      key: 'fund',
      title: t('claims.fund', 'Quỹ trả'),
      width: '104px',
      align: 'right',
      number: true,
      draw: (row) => money(row.insurer),
    },
    {
      key: 'patient',
      title: t('claims.patient', 'Người bệnh trả'),
      width: '112px',
      align: 'right',
      number: true,
      draw: (row) => money(row.patientPays),
    },
    { key: 'state', title: t('claims.state', 'Trạng thái'), width: '2fr', draw: stateCell },
  ];
  return narrow ? all.filter((column) => ['ticket', 'person', 'state'].includes(column.key)) : all;
}

function money(amount: number | null): string {
  return amount === null ? '–' : formatMoney(amount);
}

function personCell(row: ClaimLine) {
  return (
    <TwoLines
      first={row.patientName}
      second={`${cardOf(row)} · ${t('claims.category', 'đối tượng {code}', { code: row.category || '–' })}`}
    />
  );
}

/** The card is fixed with the bill: while the visit goes on only the category says whether there is one. */
function cardOf(row: ClaimLine): string {
  if (row.card) return row.card;
  if (row.state === 'open' && row.category && !row.category.startsWith('9')) {
    return t('claims.card-later', 'Thẻ ghi khi kết thúc khám');
  }
  return t('claims.no-card', 'Không có thẻ BHYT');
}

function stateCell(row: ClaimLine) {
  const counts = [
    row.errors > 0 ? t('claims.n-errors', '{n} lỗi', { n: row.errors }) : '',
    row.warnings > 0 ? t('claims.n-warnings', '{n} điều cần xem', { n: row.warnings }) : '',
  ].filter(Boolean);
  return (
    <Stack gap={0}>
      <Row>
        <Badge tone={TONES[row.state]}>{stateWord(row.state)}</Badge>
        <Text size={12} tone="soft">
          {counts.join(', ')}
        </Text>
      </Row>
      {row.first && (
        <Text size={12} tone="soft" oneLine title={row.first}>
          {row.first}
        </Text>
      )}
    </Stack>
  );
}
