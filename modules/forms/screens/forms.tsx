/** Forms: what I have begun; of a chosen person what was answered, and what can be filled in. */

import { useState } from 'react';
import {
  Badge,
  type BannerPerson,
  Button,
  type Column,
  DataList,
  Dialog,
  Empty,
  formatDate,
  formatDateTime,
  ListPanel,
  Loaded,
  navigate,
  Page,
  Panel,
  PatientBanner,
  SearchField,
  Stack,
  Text,
  TwoLines,
  t,
  useList,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { type AnswerRow, type DraftRow, type FormRow, OF_UNIT } from '../contract.ts';
import { ChoosePerson } from './choose-person.tsx';
import { versionName } from './version-name.ts';

export default function FormsScreen() {
  const [patient, setPatient] = useUrlState('nguoi');
  if (patient === OF_UNIT) return <OfUnit onLeave={() => setPatient('')} />;
  return patient === '' ? (
    <Mine onChoose={setPatient} />
  ) : (
    <OfPerson patient={patient} onLeave={() => setPatient('')} />
  );
}

const addressOf = (key: string, patient: string, answer = '') =>
  `/bieu-mau/${encodeURIComponent(key)}?nguoi=${encodeURIComponent(patient)}${answer === '' ? '' : `&sua=${answer}`}`;

function Mine(props: { onChoose: (patient: string) => void }) {
  const drafts = useList<DraftRow>(['forms', 'drafts'], '/api/forms/drafts');
  const columns: Column<DraftRow>[] = [
    { key: 'title', title: t('forms.form', 'Biểu mẫu'), draw: (row) => row.title, width: '2fr' },
    { key: 'name', title: t('forms.of', 'Của'), draw: whoseName, width: '1.4fr' },
    {
      key: 'saved',
      title: t('forms.saved-at', 'Ghi nháp lúc'),
      draw: (row) => <TwoLines first={formatDateTime(row.savedAt)} second={row.place} />,
      width: '1.2fr',
    },
    {
      key: 'state',
      title: t('forms.state', 'Trạng thái'),
      draw: (row) => <DraftState row={row} />,
      width: '1.4fr',
    },
  ];
  return (
    <Page
      title={t('forms.title', 'Biểu mẫu')}
      acts={<Button onPress={() => props.onChoose(OF_UNIT)}>{t('forms.of-unit', 'Phiếu của đơn vị')}</Button>}
      fill
    >
      <Panel>
        <ChoosePerson onChoose={props.onChoose} />
      </Panel>
      <Panel flush fill title={t('forms.drafts', 'Đang điền dở')}>
        <DataList
          id="form-drafts"
          label={t('forms.drafts', 'Đang điền dở')}
          columns={columns}
          rows={drafts.rows}
          rowKey={(row) => `${row.form} ${row.patient} ${row.answer}`}
          onOpen={(row) => !row.cleaned && navigate(addressOf(row.key, row.patient, row.answer))}
          loading={drafts.loading}
          error={drafts.error}
          refresh={drafts.refresh}
          empty={
            <Empty title={t('forms.no-drafts', 'Không có phiếu nào điền dở')}>
              {t(
                'forms.no-drafts-what',
                'Tìm người ở ô phía trên để điền một phiếu mới hoặc xem phiếu đã điền.',
              )}
            </Empty>
          }
        />
      </Panel>
    </Page>
  );
}

const whoseName = (row: DraftRow) =>
  row.patient === OF_UNIT ? t('forms.of-unit', 'Phiếu của đơn vị') : row.name;

function DraftState({ row }: { row: DraftRow }) {
  return row.cleaned ? (
    <Badge tone="neutral">{t('forms.cleaned', 'Đã dọn vì để quá lâu')}</Badge>
  ) : (
    <Badge tone="look">{t('forms.until', 'Giữ đến {date}', { date: formatDate(row.until) })}</Badge>
  );
}

function OfPerson(props: { patient: string; onLeave: () => void }) {
  const { patient } = props;
  const [choosing, setChoosing] = useState(false);
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  return (
    <Page title={t('forms.title', 'Biểu mẫu')} hideTitle fill>
      <Loaded read={person}>
        {(found) => (
          <PatientBanner
            person={found}
            acts={
              <>
                <Button onPress={props.onLeave}>{t('forms.other-person', 'Người khác')}</Button>
                <Button kind="primary" keys="F8" onPress={() => setChoosing(true)}>
                  {t('forms.new', 'Điền phiếu mới')}
                </Button>
              </>
            }
          />
        )}
      </Loaded>
      {person.data && <Answers patient={patient} onNew={() => setChoosing(true)} />}
      {choosing && <ChooseForm patient={patient} onClose={() => setChoosing(false)} />}
    </Page>
  );
}

/** Forms about no person: sessions, checks of the station. */
function OfUnit(props: { onLeave: () => void }) {
  const [choosing, setChoosing] = useState(false);
  return (
    <Page
      title={t('forms.of-unit', 'Phiếu của đơn vị')}
      acts={
        <>
          <Button onPress={props.onLeave}>{t('forms.of-persons', 'Phiếu của từng người')}</Button>
          <Button kind="primary" keys="F8" onPress={() => setChoosing(true)}>
            {t('forms.new', 'Điền phiếu mới')}
          </Button>
        </>
      }
      fill
    >
      <Answers patient={OF_UNIT} onNew={() => setChoosing(true)} />
      {choosing && <ChooseForm patient={OF_UNIT} onClose={() => setChoosing(false)} />}
    </Page>
  );
}

function Answers(props: { patient: string; onNew: () => void }) {
  const [words, setWords] = useUrlState('tim');
  const asked = new URLSearchParams({ patient: props.patient, ...(words ? { q: words } : {}) });
  const list = useList<AnswerRow>(['forms', 'answers', props.patient], `/api/forms/answers?${asked}`);
  const columns: Column<AnswerRow>[] = [
    {
      key: 'at',
      title: t('forms.at', 'Lúc'),
      draw: (row) => formatDateTime(row.at),
      width: '150px',
      number: true,
    },
    { key: 'title', title: t('forms.form', 'Biểu mẫu'), draw: (row) => row.title, width: '2fr' },
    { key: 'author', title: t('forms.author', 'Người điền'), draw: (row) => row.author, width: '1.2fr' },
    {
      key: 'state',
      title: t('forms.state', 'Trạng thái'),
      width: '140px',
      draw: (row) =>
        row.status === 'amended' ? (
          <Badge tone="info">{t('forms.amended', 'Đã sửa')}</Badge>
        ) : (
          <Badge tone="done">{t('forms.completed', 'Đã hoàn tất')}</Badge>
        ),
    },
  ];
  return (
    <ListPanel
      id="form-answers"
      label={t('forms.answers', 'Phiếu đã điền')}
      list={list}
      columns={columns}
      rowKey={(row) => row.id}
      onOpen={(row) => navigate(`/phieu/${row.id}`)}
      bar={<SearchField label={t('forms.find', 'Tìm tên biểu mẫu')} value={words} onChange={setWords} />}
      empty={
        words ? (
          <Empty title={t('forms.none-found', 'Không có phiếu nào như vậy')}>
            {t('forms.none-found-what', 'Xoá bớt chữ trong ô tìm.')}
          </Empty>
        ) : (
          <Empty
            title={
              props.patient === OF_UNIT
                ? t('forms.none-unit', 'Đơn vị chưa có phiếu nào')
                : t('forms.none', 'Người này chưa có phiếu nào')
            }
            act={<Button onPress={props.onNew}>{t('forms.new', 'Điền phiếu mới')}</Button>}
          >
            {t('forms.none-what', 'Phiếu đã điền sẽ hiện ở đây.')}
          </Empty>
        )
      }
    />
  );
}

function ChooseForm(props: { patient: string; onClose: () => void }) {
  const [words, setWords] = useState('');
  const forms = useList<FormRow>(
    ['forms', 'in-force'],
    `/api/forms?about=${props.patient === OF_UNIT ? 'unit' : 'person'}&q=${encodeURIComponent(words)}`,
  );
  return (
    <Dialog title={t('forms.choose-form', 'Chọn biểu mẫu')} opened onClose={props.onClose} width={640}>
      <Stack gap={12}>
        <SearchField
          label={t('forms.find', 'Tìm tên biểu mẫu')}
          value={words}
          onChange={setWords}
          width="100%"
          autoFocus
        />
        <DataList
          id="forms-in-force"
          label={t('forms.in-force', 'Biểu mẫu đang có hiệu lực')}
          height={360}
          columns={[
            {
              key: 'title',
              title: t('forms.form', 'Biểu mẫu'),
              draw: (row) => <TwoLines first={row.title} second={row.description} />,
            },
            {
              key: 'version',
              title: t('forms.version', 'Phiên bản'),
              width: '110px',
              draw: (row) => <Text tone="soft">{versionName(row.version)}</Text>,
            },
          ]}
          rows={forms.rows}
          rowKey={(row) => row.url}
          onOpen={(row) => navigate(addressOf(row.key, props.patient))}
          loading={forms.loading}
          error={forms.error}
          refresh={forms.refresh}
          empty={
            <Empty title={t('forms.no-forms', 'Không có biểu mẫu nào như vậy')}>
              {t('forms.no-forms-what', 'Biểu mẫu do Sở Y tế công bố; hỏi người soạn biểu mẫu nếu thiếu.')}
            </Empty>
          }
        />
      </Stack>
    </Dialog>
  );
}
