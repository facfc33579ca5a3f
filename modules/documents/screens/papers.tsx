/** A person's issued papers: found, looked at, printed, copied, cancelled; new ones made of what the record has. */
import { useState } from 'react';
import {
  api,
  type BannerPerson,
  Button,
  ButtonLink,
  type Column,
  Columns,
  Empty,
  FileLink,
  FilterChips,
  formatDateTime,
  hasRole,
  ListPanel,
  Loaded,
  openWindow,
  Page,
  PatientBanner,
  Row,
  type ScreenProps,
  SearchField,
  SelectField,
  showPdf,
  TwoLines,
  t,
  toast,
  useList,
  useMe,
  useMutation,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { PaperRow } from '../issued.ts';
import type { PaperKind, PaperMade } from '../paper-routes.ts';
import { PaperView } from './paper-view.tsx';
import { StateBadge } from './state-badge.tsx';

export default function PapersScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  return (
    <Page
      title={t('documents.title', 'Giấy tờ đã in')}
      acts={
        <Row align="end" wrap>
          <ButtonLink to={`/dinh-kem/${encodeURIComponent(patient)}`}>
            {t('documents.attachments', 'Tài liệu đính kèm')}
          </ButtonLink>
          <Archive patient={patient} />
          <NewPaper patient={patient} />
        </Row>
      }
      fill
    >
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      {person.data && <Papers patient={patient} />}
    </Page>
  );
}

/** The whole record in one file, for whoever has to keep it. */
function Archive({ patient }: { patient: string }) {
  if (!hasRole(useMe(), ['station-head'])) return null;
  return (
    <FileLink href={`/api/documents/people/${encodeURIComponent(patient)}/archive.zip`}>
      {t('documents.archive', 'Tải gói lưu trữ')}
    </FileLink>
  );
}

function Papers({ patient }: { patient: string }) {
  const [state, setState] = useUrlState('trang-thai', '');
  const [text, setText] = useUrlState('tim', '');
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = new URLSearchParams({ ...(state ? { state } : {}), ...(text ? { q: text } : {}) });
  const list = useList<PaperRow>(
    ['papers', patient],
    `/api/documents/people/${encodeURIComponent(patient)}/papers?${asked}`,
  );
  const current = list.rows.find(({ id }) => id === chosen) ?? list.rows[0] ?? null;
  const isNarrowed = state !== '' || text !== '';
  return (
    <Columns widths={['minmax(420px, 6fr)', 'minmax(360px, 5fr)']} fill>
      <ListPanel
        id="papers"
        label={t('documents.title', 'Giấy tờ đã in')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={52}
        onOpen={(row) => setChosen(row.id)}
        bar={
          <Row wrap>
            <FilterChips
              label={t('documents.state', 'Trạng thái')}
              value={state}
              onChange={setState}
              chips={[
                { value: '', label: t('documents.state.all', 'Tất cả') },
                { value: 'current', label: t('documents.state.current', 'Còn hiệu lực') },
                { value: 'superseded', label: t('documents.state.superseded', 'Đã thay thế') },
                { value: 'cancelled', label: t('documents.state.cancelled', 'Đã huỷ') },
              ]}
            />
            <SearchField
              label={t('documents.find', 'Tìm tên giấy, số, người in')}
              width="240px"
              value={text}
              onChange={setText}
            />
          </Row>
        }
        empty={
          isNarrowed ? (
            <Empty title={t('documents.none.such', 'Không có giấy nào như vậy')}>
              {t('documents.none.such.hint', 'Xoá bớt chữ, hoặc chọn “Tất cả”.')}
            </Empty>
          ) : (
            <Empty title={t('documents.none', 'Chưa có giấy nào')}>
              {t(
                'documents.none.hint',
                'Giấy hiện ở đây khi được in lần đầu. Chọn loại giấy ở góc phải để lập.',
              )}
            </Empty>
          )
        }
      />
      {current && <PaperView key={`${current.id} ${current.version}`} row={current} patient={patient} />}
    </Columns>
  );
}

function columns(): Column<PaperRow>[] {
  return [
    {
      key: 'title',
      title: t('documents.col.title', 'Giấy'),
      draw: (row) => <TwoLines first={row.title} second={row.number} />,
      width: '2fr',
    },
    {
      key: 'at',
      title: t('documents.col.at', 'Ban hành'),
      draw: (row) => <TwoLines first={formatDateTime(row.at)} second={row.author} />,
      width: '1.4fr',
    },
    {
      key: 'state',
      title: t('documents.state', 'Trạng thái'),
      draw: (row) => <StateBadge row={row} />,
      width: '140px',
    },
  ];
}

/** Papers that are made of the person as a whole. */
function NewPaper({ patient }: { patient: string }) {
  const kinds = useQuery<{ rows: PaperKind[] }>(['paper-kinds'], '/api/documents/papers');
  const mine = (kinds.data?.rows ?? []).filter(({ about }) => about.includes('Patient'));
  const [key, setKey] = useState('');
  const make = useMutation(
    async () => {
      const opened = openWindow();
      try {
        const { row, data } = await api.post<PaperMade>(`/api/documents/papers/${key}`, {
          subject: `Patient/${patient}`,
        });
        showPdf(opened, data);
        toast({ text: t('documents.made', 'Đã lập giấy số {number}.', { number: row?.number ?? '' }) });
      } catch (error) {
        opened?.close();
        throw error;
      }
    },
    { refreshes: [['papers', patient]] },
  );
  if (mine.length === 0) return null;
  return (
    <Row align="end" wrap>
      <SelectField
        label={t('documents.new', 'Lập giấy')}
        name="kind"
        width="260px"
        empty={t('documents.new.choose', 'Chọn loại giấy')}
        value={key}
        onChange={setKey}
        choices={mine.map((kind) => ({ value: kind.key, label: kind.title }))}
      />
      <Button
        kind="primary"
        keys="F9"
        disabled={key === ''}
        busy={make.busy}
        onPress={() => make.run(undefined)}
      >
        {t('documents.make', 'Lập và in')}
      </Button>
    </Row>
  );
}
