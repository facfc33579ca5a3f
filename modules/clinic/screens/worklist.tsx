/** The worklist of a consulting room: who waits for me. Pushed; keyboard row actions. */
import { useState } from 'react';
import {
  type ApiFailure,
  api,
  Badge,
  type Column,
  Empty,
  FilterChips,
  hasRole,
  KEYS,
  ListPanel,
  Notice,
  navigate,
  Page,
  Row,
  refresh,
  SelectField,
  Since,
  Stack,
  Text,
  t,
  useList,
  useMe,
  useMutation,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { Room, VisitState, VisitView, WorklistRow } from '../contract.ts';
import { FindPerson, NobodyFound } from './find-person.tsx';
import { personColumns } from './person-columns.tsx';

export default function WorklistScreen() {
  const rooms = useQuery<{ rows: Room[] }>(['clinic-rooms'], '/api/clinic/rooms');
  const [chosen, setRoom] = useUrlState('phong', '');
  const [state, setState] = useUrlState('loc', 'open');
  const room = chosen || firstRoom(rooms.data?.rows ?? []);
  const [text, setText] = useState('');
  const query = new URLSearchParams({ room, state, ...(text ? { q: text } : {}) });
  const list = useList<WorklistRow>(
    ['worklist', room, state, text],
    room ? `/api/clinic/worklist?${query}` : null,
  );
  usePush(room ? `clinic/worklist/${room}` : null, () => refresh(['worklist', room]));
  const start = useMutation(startVisit, { refreshes: [['worklist', room]] });

  const mayStart = hasRole(useMe(), DOCTORS);
  const open = (row: WorklistRow) => {
    if (row.state !== 'waiting' || !mayStart) navigate(`/kham/${row.encounter}`);
    else void start.run(row).then((visit) => navigate(`/kham/${visit.id}`), stay);
  };
  return (
    <Page title={t('clinic.worklist', 'Phòng khám')} fill>
      <Stack gap={12} grow style={{ minHeight: 0 }}>
        {start.error && <StartRefused failure={start.error} onClose={start.reset} />}
        <ListPanel
          id="clinic-worklist"
          label={t('clinic.worklist.list', 'Danh sách chờ khám')}
          list={list}
          columns={columns()}
          rowKey={(row) => row.encounter}
          tone={(row) => (row.urgent ? 'danger' : undefined)}
          onOpen={open}
          acts={[
            { key: KEYS.next, label: t('clinic.worklist.call', 'Khám người đang chọn'), run: open },
            {
              key: KEYS.record,
              label: t('clinic.worklist.record', 'Hồ sơ'),
              run: (row) => navigate(`/ho-so/${row.patient}`),
            },
          ]}
          empty={
            text ? (
              <NobodyFound />
            ) : (
              <Empty title={t('clinic.worklist.empty', 'Chưa có ai trong danh sách này')}>
                {t('clinic.worklist.empty-hint', 'Người được tiếp đón vào phòng này sẽ hiện ngay ở đây.')}
              </Empty>
            )
          }
          bar={
            <Row gap={12} wrap>
              <SelectField
                bare
                width={200}
                label={t('clinic.worklist.room', 'Phòng')}
                value={room}
                onChange={setRoom}
                choices={(rooms.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              />
              <FilterChips
                label={t('clinic.worklist.state', 'Trạng thái')}
                value={state}
                onChange={setState}
                chips={[
                  { value: 'open', label: t('clinic.state.open', 'Chưa xong') },
                  { value: 'waiting', label: t('clinic.state.waiting', 'Đang chờ') },
                  { value: 'seeing', label: t('clinic.state.seeing', 'Đang khám') },
                  { value: 'done', label: t('clinic.state.done', 'Đã khám hôm nay') },
                ]}
              />
              <FindPerson value={text} onChange={setText} />
            </Row>
          }
          autoFocus
        />
      </Stack>
    </Page>
  );
}

/** Who calls patients in; a nurse opens the waiting visit to write vital signs. */
const DOCTORS = ['doctor', 'station-head'] as const;

/** The failure is shown by the screen; going on would hide it. */
function stay(): void {}

function startVisit(row: WorklistRow): Promise<VisitView> {
  return api.post<VisitView>(`/api/clinic/visits/${row.encounter}/start`, {}, { ifMatch: row.version });
}

/** The consulting room of the unit stands first among its rooms. */
function firstRoom(rooms: readonly Room[]): string {
  return (rooms.find((room) => room.id.endsWith('-kham')) ?? rooms[0])?.id ?? '';
}

function StartRefused(props: { failure: ApiFailure; onClose: () => void }) {
  return <Notice tone="look" title={props.failure.message} />;
}

function columns(): Column<WorklistRow>[] {
  return [
    ...personColumns<WorklistRow>(
      (row) => row.urgent && <Badge tone="danger">{t('clinic.urgent', 'Cấp cứu')}</Badge>,
    ),
    {
      key: 'reason',
      title: t('clinic.col.reason', 'Lý do đến'),
      width: '2fr',
      draw: (row) => <Text oneLine>{row.reason}</Text>,
    },
    {
      key: 'since',
      title: t('clinic.col.since', 'Đến lúc'),
      width: '140px',
      draw: (row) => <Since at={row.arrivedAt} />,
    },
    {
      key: 'state',
      title: t('clinic.col.state', 'Trạng thái'),
      width: '116px',
      draw: (row) => <Badge tone={STATE_TONE[row.state]}>{stateWord(row.state)}</Badge>,
    },
    {
      key: 'doctor',
      title: t('clinic.col.doctor', 'Bác sĩ'),
      width: '1.5fr',
      optional: true,
      draw: (row) => row.doctor && <Text oneLine>{row.doctor}</Text>,
    },
    {
      key: 'insured',
      title: t('clinic.col.insured', 'BHYT'),
      width: '64px',
      optional: true,
      named: true,
      draw: (row) => (row.insured ? t('clinic.yes', 'Có') : t('clinic.no', 'Không')),
    },
  ];
}

const STATE_TONE = { waiting: 'neutral', seeing: 'info', done: 'done', away: 'neutral' } as const;

function stateWord(state: VisitState): string {
  const words: Record<VisitState, string> = {
    waiting: t('clinic.state.waiting', 'Đang chờ'),
    seeing: t('clinic.state.seeing', 'Đang khám'),
    done: t('clinic.state.finished', 'Đã khám'),
    away: t('clinic.state.away', 'Tạm vắng'),
  };
  return words[state];
}
