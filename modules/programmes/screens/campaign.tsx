/** A campaign of the station: how much of the target is done, village by village, and what each day brought. */
import {
  Badge,
  ButtonLink,
  Empty,
  formatDate,
  formatNumber,
  Grid,
  Link,
  Loaded,
  navigate,
  Page,
  Panel,
  Row,
  refresh,
  type ScreenProps,
  Stack,
  StatTile,
  Table,
  t,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { CampaignDay, Outcome } from '../campaign/outcomes.ts';
import type { Kind, Reason } from '../not-given.ts';

export interface CampaignRead {
  title: string;
  from: string;
  to: string;
  state: 'planned' | 'running' | 'over';
  outcomes: { village: string; outcome: Outcome; people: number }[];
  days: CampaignDay[];
  reasons: Reason[];
}

const SHOWN: readonly Outcome[] = [
  'given',
  'left',
  'postponed',
  'refused',
  'contraindicated',
  'moved',
  'absent',
  'died',
];

export function outcomeWord(outcome: Outcome): string {
  const words: Record<Outcome, string> = {
    given: t('programmes.campaign.given', 'Đã tiêm'),
    left: t('programmes.campaign.left', 'Chưa tiêm'),
    postponed: t('programmes.campaign.postponed', 'Tạm hoãn'),
    refused: t('programmes.campaign.refused', 'Từ chối'),
    contraindicated: t('programmes.campaign.contraindicated', 'Chống chỉ định'),
    moved: t('programmes.campaign.moved', 'Đã chuyển đi'),
    absent: t('programmes.campaign.absent', 'Vắng mặt'),
    died: t('programmes.campaign.died', 'Đã mất'),
  };
  return words[outcome];
}

export default function CampaignScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const me = useMe();
  const read = useQuery<CampaignRead>(['programmes', key, 'campaign'], `/api/programmes/${key}/campaign`);
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', key, 'campaign']));
  return (
    <Page
      title={read.data?.title ?? t('programmes.campaign', 'Chiến dịch')}
      acts={
        <Row gap={8} wrap>
          <ButtonLink to={`/chuong-trinh/${key}/buoi`}>{t('programmes.session', 'Lập buổi tiêm')}</ButtonLink>
          <ButtonLink to={`/chuong-trinh/${key}/ban-tiem`}>{t('programmes.desk', 'Bàn tiêm')}</ButtonLink>
        </Row>
      }
    >
      <Loaded read={read}>
        {(found) => (
          <Stack gap={16}>
            <Row gap={8} wrap>
              <Badge tone={found.state === 'running' ? 'info' : 'neutral'}>{stateWord(found)}</Badge>
            </Row>
            <Outcomes read={found} programme={key} />
            <Days read={found} />
            <Villages read={found} programme={key} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function stateWord({ state, from, to }: CampaignRead): string {
  const days = { from: formatDate(from), to: formatDate(to) };
  if (state === 'planned') return t('programmes.campaign.planned', 'bắt đầu {from}, đến {to}', days);
  if (state === 'over') return t('programmes.campaign.over', 'đã kết thúc ({from} – {to})', days);
  return t('programmes.campaign.running', 'đang diễn ra: {from} – {to}', days);
}

const listOf = (programme: string, outcome: string, village = '') =>
  `/chuong-trinh/${programme}/chien-dich/nguoi?${new URLSearchParams({ 'ket-qua': outcome, ...(village ? { thon: village } : {}) })}`;

function Outcomes({ read, programme }: { read: CampaignRead; programme: string }) {
  const sum = (outcome: Outcome) =>
    read.outcomes.filter((one) => one.outcome === outcome).reduce((all, { people }) => all + people, 0);
  const target = read.outcomes.reduce((all, { people }) => all + people, 0);
  return (
    <Grid min={150}>
      <StatTile
        label={t('programmes.campaign.target', 'Đối tượng')}
        value={formatNumber(target)}
        onOpen={() => navigate(listOf(programme, ''))}
      />
      <StatTile
        label={t('programmes.campaign.coverage', 'Đạt')}
        value={target === 0 ? '–' : `${formatNumber(Math.round((1_000 * sum('given')) / target) / 10)} %`}
      />
      {SHOWN.filter((outcome) => outcome === 'given' || outcome === 'left' || sum(outcome) > 0).map(
        (outcome) => (
          <StatTile
            key={outcome}
            label={outcomeWord(outcome)}
            value={formatNumber(sum(outcome))}
            onOpen={() => navigate(listOf(programme, outcome))}
          />
        ),
      )}
    </Grid>
  );
}

const DAY_KINDS: readonly Kind[] = ['postponed', 'refused', 'contraindicated', 'moved', 'absent'];

function Days({ read }: { read: CampaignRead }) {
  const of = (day: CampaignDay, kind: Kind) =>
    read.reasons
      .filter((one) => one.kind === kind)
      .reduce((all, { code }) => all + (day.reasons[code] ?? 0), 0);
  return (
    <Panel title={t('programmes.campaign.days', 'Kết quả từng ngày của trạm')} flush>
      <Table
        label={t('programmes.campaign.days', 'Kết quả từng ngày của trạm')}
        rows={read.days}
        rowKey={(row) => row.day}
        empty={
          <Empty title={t('programmes.campaign.no-day', 'Chưa có ngày nào')}>
            {t('programmes.campaign.no-day-hint', 'Mũi tiêm và lý do không tiêm ghi ở bàn tiêm hiện ở đây.')}
          </Empty>
        }
        columns={[
          {
            key: 'day',
            title: t('programmes.campaign.day', 'Ngày'),
            narrow: 12,
            draw: (row) => formatDate(row.day),
          },
          {
            key: 'given',
            title: outcomeWord('given'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (row) => formatNumber(row.given),
          },
          {
            key: 'others',
            title: t('programmes.campaign.others', 'Nơi khác đến'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (row) => formatNumber(row.others),
          },
          ...DAY_KINDS.map((kind) => ({
            key: kind,
            title: outcomeWord(kind),
            align: 'right' as const,
            narrow: 4,
            named: true,
            draw: (row: CampaignDay) => formatNumber(of(row, kind)),
          })),
        ]}
      />
    </Panel>
  );
}

function Villages({ read, programme }: { read: CampaignRead; programme: string }) {
  const villages = [...new Set(read.outcomes.map(({ village }) => village))];
  const count = (village: string, outcome?: Outcome) =>
    read.outcomes
      .filter((one) => one.village === village && (outcome === undefined || one.outcome === outcome))
      .reduce((all, { people }) => all + people, 0);
  return (
    <Panel title={t('programmes.campaign.villages', 'Theo thôn')} flush>
      <Table
        label={t('programmes.campaign.villages', 'Theo thôn')}
        rows={villages}
        rowKey={(village) => village}
        columns={[
          {
            key: 'village',
            title: t('programmes.col.village', 'Thôn'),
            narrow: 12,
            draw: (village) => (
              <Link to={listOf(programme, '', village)}>
                {village || t('programmes.village.unknown', 'Chưa rõ thôn')}
              </Link>
            ),
          },
          {
            key: 'target',
            title: t('programmes.campaign.target', 'Đối tượng'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (village) => formatNumber(count(village)),
          },
          ...(['given', 'left'] as const).map((outcome) => ({
            key: outcome,
            title: outcomeWord(outcome),
            align: 'right' as const,
            narrow: 4,
            named: true,
            draw: (village: string) => (
              <Link to={listOf(programme, outcome, village)}>{formatNumber(count(village, outcome))}</Link>
            ),
          })),
        ]}
      />
    </Panel>
  );
}
