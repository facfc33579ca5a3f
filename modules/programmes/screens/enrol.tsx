/** All programmes of a person, at a visit: what fits is enrolled with one press. */

import { dayText } from '../../../engines/programmes/browser.ts';
import {
  api,
  Badge,
  type BannerPerson,
  Button,
  ButtonLink,
  formatDate,
  Loaded,
  Notice,
  Page,
  Panel,
  PatientBanner,
  Row,
  refresh,
  type ScreenProps,
  Stack,
  Table,
  Text,
  t,
  toast,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import { stateWord } from './words.ts';

interface OwnProgramme {
  key: string;
  title: string;
  state: string;
  since: number | null;
  reason: string;
  tasks: number;
}

export default function EnrolScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const at = encodeURIComponent(patient);
  const person = useQuery<BannerPerson>(['person', patient], `/api/people/${at}/banner`);
  const read = useQuery<{ rows: OwnProgramme[] }>(
    ['programmes', 'person', patient],
    `/api/programmes/people/${at}`,
  );
  const enrol = useMutation((key: string) => api.post(`/api/programmes/${key}/people/${at}/enrol`, {}), {
    refreshes: [['programmes']],
    onDone: () => {
      toast(t('programmes.enrolled', 'Đã ghi danh'));
      void refresh(['programmes']);
    },
  });
  return (
    <Page title={t('programmes.of-person', 'Chương trình của một người')} hideTitle>
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      {enrol.error && <Notice tone="danger" title={enrol.error.message} />}
      <Panel title={t('programmes.of-person', 'Chương trình của một người')} flush>
        <Loaded read={read}>
          {({ rows }) => (
            <Table
              label={t('programmes.of-person', 'Chương trình của một người')}
              rows={[...rows].sort((a, b) => rank(a) - rank(b))}
              rowKey={(row) => row.key}
              columns={[
                {
                  key: 'title',
                  title: t('programmes.col.programme', 'Chương trình'),
                  draw: (row) => <Text strong>{row.title}</Text>,
                },
                {
                  key: 'state',
                  title: t('programmes.col.state', 'Tình trạng'),
                  draw: (row) => <StateCell row={row} />,
                },
                {
                  key: 'act',
                  title: t('programmes.col.act', 'Việc'),
                  draw: (row) => (
                    <Row gap={8}>
                      {row.state === 'proposed' && (
                        <Button
                          kind="primary"
                          busy={enrol.busy}
                          onPress={() => void enrol.run(row.key).catch(() => undefined)}
                        >
                          {t('programmes.enrol', 'Ghi danh')}
                        </Button>
                      )}
                      {row.state === 'enrolled' && (
                        <ButtonLink to={`/chuong-trinh/${row.key}/nguoi/${at}`}>
                          {t('programmes.open-person', 'Mở theo dõi ({count} việc)', {
                            count: String(row.tasks),
                          })}
                        </ButtonLink>
                      )}
                    </Row>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

const ORDER = ['enrolled', 'proposed', 'excluded', 'left', 'none'];
const rank = ({ state }: OwnProgramme) => ORDER.indexOf(state);

function StateCell({ row }: { row: OwnProgramme }) {
  const tone = row.state === 'enrolled' ? 'done' : row.state === 'proposed' ? 'info' : 'neutral';
  return (
    <Stack gap={4}>
      <Row gap={8} wrap>
        <Badge tone={tone}>{stateWord(row.state)}</Badge>
        {row.since !== null && row.state === 'enrolled' && (
          <Text tone="soft">
            {t('programmes.since', 'từ {day}', { day: formatDate(dayText(row.since)) })}
          </Text>
        )}
      </Row>
      {row.reason && <Text tone="soft">{row.reason}</Text>}
    </Stack>
  );
}
