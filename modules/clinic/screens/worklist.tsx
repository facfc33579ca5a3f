/** The worklist of a consulting room: who waits for me. Pushed; keyboard row actions. */
import {
  type ApiFailure,
  api,
  Badge,
  type Column,
  DataList,
  Empty,
  FilterChips,
  formatAge,
  formatSex,
  hasRole,
  KEYS,
  Notice,
  navigate,
  Page,
  Panel,
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

export default function WorklistScreen() {
  const rooms = useQuery<{ rows: Room[] }>(['clinic-rooms'], '/api/clinic/rooms');
  const [chosen, setRoom] = useUrlState('phong', '');
  const [state, setState] = useUrlState('loc', 'open');
  const room = chosen || firstRoom(rooms.data?.rows ?? []);
  const path = room ? `/api/clinic/worklist?room=${encodeURIComponent(room)}&state=${state}` : null;
  const list = useList<WorklistRow>(['worklist', room, state], path);
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
        <Panel flush fill>
          <DataList
            id="clinic-worklist"
            label={t('clinic.worklist.list', 'Danh sách chờ khám')}
            columns={columns()}
            rows={list.rows}
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
            total={list.total}
            more={list.more}
            loading={list.loading}
            error={list.error}
            refresh={list.refresh}
            empty={
              <Empty title={t('clinic.worklist.empty', 'Chưa có ai trong danh sách này')}>
                {t('clinic.worklist.empty-hint', 'Người được tiếp đón vào phòng này sẽ hiện ngay ở đây.')}
              </Empty>
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
              </Row>
            }
            autoFocus
          />
        </Panel>
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
    {
      key: 'ticket',
      title: t('clinic.col.ticket', 'Số'),
      width: '72px',
      number: true,
      draw: (row) => <Text strong>{row.ticket}</Text>,
    },
    {
      key: 'name',
      title: t('clinic.col.name', 'Họ tên'),
      width: '2.4fr',
      draw: (row) => (
        <Row gap={8}>
          <Text strong oneLine>
            {row.name}
          </Text>
          {row.urgent && <Badge tone="danger">{t('clinic.urgent', 'Cấp cứu')}</Badge>}
        </Row>
      ),
    },
    {
      key: 'who',
      title: t('clinic.col.who', 'Giới, tuổi'),
      width: '140px',
      draw: (row) => `${formatSex(row.gender)}, ${formatAge(row.birthDate)}`,
    },
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
