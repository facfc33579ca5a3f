/** A citizen's own papers and those of dependants: opened as they were issued. */
import {
  Button,
  Empty,
  Failed,
  FileLink,
  formatDate,
  Page,
  Panel,
  Row,
  SelectField,
  Skeleton,
  Stack,
  Text,
  t,
  useList,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { PaperRow } from '../issued.ts';
import { StateBadge } from './state-badge.tsx';

interface Persons {
  rows: { patient: string; name: string }[];
}

export default function MyPapersScreen() {
  const persons = useQuery<Persons>(['citizen-persons'], '/api/citizen/persons');
  const [asked, setAsked] = useUrlState('nguoi', '');
  const all = persons.data?.rows ?? [];
  const patient = asked || all[0]?.patient || '';
  return (
    <Page title={t('documents.mine', 'Giấy tờ của tôi')} narrow>
      {persons.error && <Failed failure={persons.error} onRetry={persons.refresh} />}
      {all.length > 1 && (
        <SelectField
          label={t('documents.whose', 'Của ai')}
          name="person"
          value={patient}
          onChange={setAsked}
          choices={all.map((one) => ({ value: one.patient, label: one.name }))}
        />
      )}
      {patient !== '' && <Papers patient={patient} />}
    </Page>
  );
}

function Papers({ patient }: { patient: string }) {
  const list = useList<PaperRow>(
    ['papers', patient],
    `/api/documents/people/${encodeURIComponent(patient)}/papers`,
  );
  if (list.error) return <Failed failure={list.error} onRetry={list.refresh} />;
  if (list.loading) return <Skeleton lines={5} />;
  if (list.rows.length === 0)
    return (
      <Empty title={t('documents.mine.none', 'Chưa có giấy nào')}>
        {t(
          'documents.mine.none.hint',
          'Đơn thuốc, giấy xác nhận và thẻ hiện ở đây sau khi cơ sở y tế in cho bạn.',
        )}
      </Empty>
    );
  return (
    <Stack gap={12}>
      {list.rows.map((row) => (
        <Panel key={row.id} title={row.title} acts={<StateBadge row={row} />}>
          <Stack gap={8}>
            <Text tone="soft">
              {[row.number, formatDate(row.at.slice(0, 10)), row.author].filter(Boolean).join(' · ')}
            </Text>
            <Row>
              <FileLink href={`/api/documents/issued/${encodeURIComponent(row.id)}/paper.pdf`}>
                {t('documents.mine.open', 'Mở giấy')}
              </FileLink>
            </Row>
          </Stack>
        </Panel>
      ))}
      {list.more && (
        <Button wide onPress={list.more} busy={list.refreshing}>
          {t('documents.mine.more', 'Xem giấy cũ hơn')}
        </Button>
      )}
    </Stack>
  );
}
