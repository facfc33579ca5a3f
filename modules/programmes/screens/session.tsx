/** A session of a day: who may come, village by village, with the doses and vials that are needed; the list for calling. */
import {
  Badge,
  ButtonLink,
  DayField,
  Empty,
  FileLink,
  formatAge,
  formatNumber,
  Link,
  Loaded,
  Notice,
  Page,
  Panel,
  Row,
  type ScreenProps,
  SelectField,
  Stack,
  Table,
  Text,
  t,
  today,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { SessionPerson, SessionPlan } from '../session-plan.ts';
import { SessionTally } from './session-tally.tsx';
import { WatchPanel } from './watch-panel.tsx';

type SessionRead = SessionPlan & { hasDoses: boolean };

export default function SessionScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const [day, setDay] = useUrlState('ngay', today());
  const [village, setVillage] = useUrlState('thon', '');
  const query = new URLSearchParams({ day, ...(village ? { village } : {}) }).toString();
  const read = useQuery<SessionRead>(
    ['programmes', key, 'session', query],
    `/api/programmes/${key}/session?${query}`,
    { keep: true },
  );
  const villages = useQuery<{ rows: { village: string; people: number }[] }>(
    ['programmes', key, 'villages'],
    `/api/programmes/${key}/villages`,
  );
  return (
    <Page
      title={sessionTitle(read.data?.hasDoses ?? true)}
      acts={
        <Row gap={8} wrap>
          {read.data?.hasDoses && (
            <ButtonLink to={`/chuong-trinh/${key}/ban-tiem`}>{t('programmes.desk', 'Bàn tiêm')}</ButtonLink>
          )}
          <FileLink save={false} href={`/api/programmes/${key}/session/paper.pdf?${query}`}>
            {t('programmes.session.print', 'In danh sách mời')}
          </FileLink>
        </Row>
      }
    >
      <Row wrap>
        <DayField label={t('programmes.session.day', 'Ngày tiêm')} name="day" value={day} onChange={setDay} />
        <SelectField
          label={t('programmes.village', 'Thôn')}
          name="village"
          bare
          value={village}
          onChange={setVillage}
          empty={t('programmes.village.all', 'Mọi thôn')}
          choices={(villages.data?.rows ?? [])
            .filter((row) => row.village)
            .map((row) => ({ value: row.village, label: row.village }))}
        />
      </Row>
      {read.data?.hasDoses && <WatchPanel />}
      {read.data?.hasDoses && <SessionTally programme={key} day={day} />}
      <Loaded read={read}>{(plan) => <Plan plan={plan} programme={key} />}</Loaded>
    </Page>
  );
}

const sessionTitle = (hasDoses: boolean) =>
  hasDoses ? t('programmes.session', 'Lập buổi tiêm') : t('programmes.session.other', 'Lập buổi');

function Plan({ plan, programme }: { plan: SessionRead; programme: string }) {
  if (plan.people === 0)
    return (
      <Empty
        title={
          plan.hasDoses
            ? t('programmes.session.none', 'Không có ai cần tiêm đến ngày này')
            : t('programmes.session.nobody', 'Không có ai đến hạn vào ngày này')
        }
      >
        {t('programmes.session.none-hint', 'Chọn ngày muộn hơn hoặc thôn khác.')}
      </Empty>
    );
  return (
    <Stack gap={16}>
      {plan.isTooLarge && (
        <Notice
          tone="look"
          title={t(
            'programmes.session.large',
            '{count} người: quá 50 người một điểm một buổi. Hãy chia theo thôn hoặc ngày.',
            { count: formatNumber(plan.people) },
          )}
        />
      )}
      <Panel title={neededTitle(plan)} flush>
        {plan.products.length > 0 && (
          <Table
            label={t('programmes.session.vaccines', 'Vắc xin')}
            rows={plan.products}
            rowKey={(row) => row.product}
            columns={[
              { key: 'name', title: t('programmes.session.vaccine', 'Vắc xin'), draw: (row) => row.name },
              {
                key: 'doses',
                title: t('programmes.session.doses', 'Liều'),
                align: 'right',
                draw: (row) => formatNumber(row.doses),
              },
              {
                key: 'vial',
                title: t('programmes.session.vial', 'Liều một lọ'),
                align: 'right',
                draw: (row) => formatNumber(row.vial),
              },
              {
                key: 'vials',
                title: t('programmes.session.vials', 'Lọ'),
                align: 'right',
                draw: (row) => formatNumber(row.vials),
              },
              {
                key: 'stock',
                title: t('programmes.session.stock', 'Liều còn trong kho'),
                align: 'right',
                draw: (row) =>
                  row.stock < row.doses ? (
                    <Badge tone="look">{formatNumber(row.stock)}</Badge>
                  ) : (
                    formatNumber(row.stock)
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {plan.villages.map(({ village, people }) => (
        <VillagePanel key={village} village={village} people={people} programme={programme} />
      ))}
    </Stack>
  );
}

function neededTitle({ people, doses, hasDoses }: SessionRead): string {
  const counts = { people: formatNumber(people), doses: formatNumber(doses) };
  return hasDoses || doses > 0
    ? t('programmes.session.need', 'Cần chuẩn bị cho {people} người, {doses} liều', counts)
    : t('programmes.session.people', '{people} người đến hạn', counts);
}

function VillagePanel(props: { village: string; people: SessionPerson[]; programme: string }) {
  const title = props.village || t('programmes.village.unknown', 'Chưa rõ thôn');
  return (
    <Panel title={`${title} (${formatNumber(props.people.length)})`} flush>
      <Table
        label={title}
        rows={props.people}
        rowKey={(row) => row.patient}
        columns={[
          {
            key: 'name',
            title: t('programmes.col.name', 'Họ tên'),
            draw: (row) => (
              <Link to={`/chuong-trinh/${props.programme}/nguoi/${encodeURIComponent(row.patient)}`}>
                {row.fullName}
              </Link>
            ),
          },
          { key: 'age', title: t('programmes.col.age', 'Tuổi'), draw: (row) => formatAge(row.birthDate) },
          {
            key: 'doses',
            title: t('programmes.col.task', 'Việc cần làm'),
            draw: (row) => <Doses person={row} />,
          },
        ]}
      />
    </Panel>
  );
}

function Doses({ person }: { person: SessionPerson }) {
  return (
    <Stack gap={4}>
      {person.doses.map((dose) => (
        <Row key={dose.key} gap={4} wrap>
          <Text>{dose.title}</Text>
          {dose.isLate && <Badge tone="look">{t('programmes.session.late', 'trễ')}</Badge>}
        </Row>
      ))}
    </Stack>
  );
}
