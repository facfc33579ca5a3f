/** The lifelong record of one person: timeline left, what was written right, trends beside repeated numbers. */
import { useState } from 'react';
import {
  type BannerPerson,
  Button,
  ButtonLink,
  Columns,
  Empty,
  Failed,
  FilterChips,
  hasRole,
  Loaded,
  Page,
  Panel,
  PatientBanner,
  RuleCards,
  refresh,
  type ScreenProps,
  Skeleton,
  Stack,
  Timeline,
  type TimelineEntry,
  t,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { TimelineItem } from '../timeline.ts';
import { Relatives } from './relatives.tsx';
import { TrendPanel } from './trend-panel.tsx';
import { VisitDetail } from './visit-detail.tsx';
import { MayBeHidden, Withheld } from './withheld.tsx';

export default function RecordScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  usePush(patient ? `clinic/allergies/${patient}` : null, () => refresh(['person', patient]));
  const mayRecord = hasRole(useMe(), ['doctor', 'nurse', 'station-head']);
  return (
    <Page title={t('record.title', 'Hồ sơ sức khoẻ')} hideTitle fill>
      <Loaded read={person}>
        {(found) => (
          <PatientBanner
            person={found}
            acts={
              mayRecord && (
                <>
                  <ButtonLink to={`/di-ung/${encodeURIComponent(patient)}`}>
                    {t('record.allergies', 'Dị ứng')}
                  </ButtonLink>
                  <ButtonLink to={`/theo-doi/${encodeURIComponent(patient)}`}>
                    {t('record.programmes', 'Chương trình')}
                  </ButtonLink>
                  <ButtonLink to={`/giay-to/${encodeURIComponent(patient)}`}>
                    {t('record.papers', 'Giấy tờ')}
                  </ButtonLink>
                </>
              )
            }
          />
        )}
      </Loaded>
      {person.data && mayRecord && <RuleCards patient={patient} />}
      {person.data && <History patient={patient} />}
    </Page>
  );
}

function History({ patient }: { patient: string }) {
  const path = `/api/record/${encodeURIComponent(patient)}/timeline`;
  const list = useList<TimelineItem>(['timeline', patient], path);
  const [kind, setKind] = useUrlState('loc', '');
  const [selected, setSelected] = useState<string | null>(null);
  const rows = kind ? list.rows.filter((row) => row.kind === kind) : list.rows;
  const first = useQuery<{ cares: boolean }>(['timeline', patient, 'cares'], path);
  const isOutside = first.data?.cares === false;
  const current = rows.find((row) => row.id === selected) ?? rows[0];
  return (
    <Columns widths={['minmax(300px, 5fr)', '7fr']} fill>
      <Panel
        title={t('record.timeline', 'Dòng thời gian')}
        acts={<KindChips value={kind} onChange={setKind} />}
        fill
      >
        <Stack grow style={{ overflow: 'auto' }}>
          {list.loading && <Skeleton lines={8} />}
          {list.error && <Failed failure={list.error} onRetry={list.refresh} />}
          {isOutside && <Withheld patient={patient} />}
          {!list.loading && !list.error && rows.length === 0 && !isOutside && <NothingYet kind={kind} />}
          <Timeline
            label={t('record.timeline', 'Dòng thời gian')}
            entries={rows.map(entryOf)}
            selected={current?.id ?? null}
            onOpen={(entry) => setSelected(entry.id)}
          />
          {list.more && (
            <Button kind="quiet" onPress={list.more}>
              {t('record.older', 'Xem các lần trước nữa')}
            </Button>
          )}
          {first.data?.cares && <MayBeHidden patient={patient} />}
        </Stack>
      </Panel>
      <Stack gap={16} grow style={{ overflow: 'auto' }}>
        <Relatives patient={patient} />
        {current && <VisitDetail item={current} />}
        <TrendPanel patient={patient} />
      </Stack>
    </Columns>
  );
}

function KindChips(props: { value: string; onChange: (value: string) => void }) {
  const chips = [
    { value: '', label: t('record.kind.all', 'Tất cả') },
    { value: 'visit', label: t('record.kind.visit', 'Khám') },
    { value: 'immunization', label: t('record.kind.immunization', 'Tiêm') },
    { value: 'form', label: t('record.kind.form', 'Phiếu') },
  ];
  return (
    <FilterChips
      label={t('record.kind', 'Loại')}
      chips={chips}
      value={props.value}
      onChange={props.onChange}
    />
  );
}

function NothingYet({ kind }: { kind: string }) {
  return (
    <Empty title={t('record.empty', 'Chưa có gì trong hồ sơ')}>
      {kind
        ? t(
            'record.empty.kind',
            'Không có mục nào thuộc loại này trong phần đã tải. Chọn "Tất cả" để xem hết.',
          )
        : t('record.empty.first', 'Lượt khám đầu tiên sẽ hiện ở đây ngay khi được ghi.')}
    </Empty>
  );
}

function entryOf(item: TimelineItem): TimelineEntry {
  const diagnoses = item.lines.filter((line) => line.kind === 'diagnosis').map((line) => line.text);
  const note = [diagnoses.join('; '), item.kind === 'immunization' ? item.outcome : null, item.unitName]
    .filter(Boolean)
    .join(' · ');
  const open = item.status === 'in-progress' || item.status === 'arrived';
  return {
    id: item.id,
    at: item.at,
    title: item.title,
    note,
    tone: item.kind === 'immunization' ? 'done' : item.kind === 'form' ? 'neutral' : open ? 'info' : 'brand',
  };
}
