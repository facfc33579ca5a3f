/** Programmes of the station: how many are followed, due, late, to be invited; how many reach the target. */
import {
  Badge,
  Button,
  ButtonLink,
  Empty,
  formatNumber,
  Grid,
  Loaded,
  navigate,
  Page,
  Panel,
  Row,
  refresh,
  Stack,
  StatTile,
  Text,
  t,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { Counts } from '../lists.ts';

export interface ProgrammeRow extends Omit<Counts, 'programme'> {
  key: string;
  title: string;
  description: string;
  version: string;
  hasDoses: boolean;
  hasCoverage: boolean;
  campaign: { from: string; to: string } | null;
}

export default function ProgrammesScreen() {
  const me = useMe();
  const read = useQuery<{ rows: ProgrammeRow[] }>(['programmes'], '/api/programmes');
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes']));
  return (
    <Page
      title={t('programmes.title', 'Chương trình')}
      acts={
        <Row gap={8} wrap>
          <ButtonLink to="/phan-ung-sau-tiem">{t('programmes.reactions', 'Phản ứng sau tiêm')}</ButtonLink>
          <ButtonLink to="/nhac-hen">{t('programmes.reminders', 'Lời nhắc hẹn')}</ButtonLink>
          <ButtonLink to="/tiem-dich-vu">{t('programmes.paid', 'Tiêm dịch vụ')}</ButtonLink>
          <ButtonLink to="/kho-vac-xin">{t('programmes.stock', 'Kho vắc xin')}</ButtonLink>
        </Row>
      }
    >
      <Loaded read={read}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('programmes.none', 'Chưa có chương trình nào có hiệu lực')}>
              {t(
                'programmes.none.hint',
                'Chương trình là nội dung có ngày hiệu lực; hãy báo quản trị nội dung của tỉnh.',
              )}
            </Empty>
          ) : (
            <Stack gap={16}>
              {rows.map((row) => (
                <ProgrammePanel key={row.key} row={row} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function ProgrammePanel({ row }: { row: ProgrammeRow }) {
  const open = (list: string) => () => navigate(`/chuong-trinh/${row.key}?loc=${list}`);
  return (
    <Panel
      title={row.title}
      acts={
        <Row gap={8} wrap>
          {row.campaign && (
            <ButtonLink to={`/chuong-trinh/${row.key}/chien-dich`}>
              {t('programmes.campaign', 'Chiến dịch')}
            </ButtonLink>
          )}
          {row.hasDoses && (
            <ButtonLink to={`/chuong-trinh/${row.key}/ban-tiem`}>
              {t('programmes.desk', 'Bàn tiêm')}
            </ButtonLink>
          )}
          {row.hasCoverage && (
            <ButtonLink to={`/chuong-trinh/${row.key}/bao-phu`}>
              {t('programmes.coverage', 'Bao phủ')}
            </ButtonLink>
          )}
          <ButtonLink to={`/chuong-trinh/${row.key}/buoi`}>
            {row.hasDoses
              ? t('programmes.session', 'Lập buổi tiêm')
              : t('programmes.session.other', 'Lập buổi')}
          </ButtonLink>
          <Button kind="primary" onPress={open('due')}>
            {t('programmes.open', 'Mở danh sách')}
          </Button>
        </Row>
      }
    >
      <Stack gap={12}>
        <Text tone="soft">{row.description}</Text>
        <Grid min={150}>
          <StatTile
            label={t('programmes.count.enrolled', 'Đang theo dõi')}
            value={formatNumber(row.enrolled)}
            onOpen={open('all')}
          />
          <StatTile
            label={t('programmes.count.due', 'Đến hạn')}
            value={formatNumber(row.due)}
            onOpen={open('due')}
          />
          <StatTile
            label={t('programmes.count.week', 'Trong 7 ngày tới')}
            value={formatNumber(row.week)}
            onOpen={open('week')}
          />
          <StatTile
            label={t('programmes.count.overdue', 'Quá hạn')}
            value={formatNumber(row.overdue)}
            onOpen={open('overdue')}
            {...(row.overdue > 0 ? { tone: 'look' as const } : {})}
          />
          <StatTile
            label={t('programmes.count.invite', 'Cần mời ghi danh')}
            value={formatNumber(row.invite)}
            onOpen={open('invite')}
          />
        </Grid>
        {row.targets.map((target) => (
          <TargetLine key={target.key} target={target} />
        ))}
      </Stack>
    </Panel>
  );
}

function TargetLine({ target }: { target: ProgrammeRow['targets'][number] }) {
  const known = target.met + target.unmet;
  return (
    <Row gap={8} wrap>
      <Text>{target.text}</Text>
      {known === 0 ? (
        <Badge>{t('programmes.target.unknown', 'Chưa ai có số đo')}</Badge>
      ) : (
        <Badge tone="info">
          {t('programmes.target.met', 'đạt {met}/{known} ({percent} %)', {
            met: formatNumber(target.met),
            known: formatNumber(known),
            percent: formatNumber(Math.round((100 * target.met) / known)),
          })}
        </Badge>
      )}
      {target.unknown > 0 && (
        <Text tone="soft">
          {t('programmes.target.without', '{count} người chưa có số đo', {
            count: formatNumber(target.unknown),
          })}
        </Text>
      )}
    </Row>
  );
}
