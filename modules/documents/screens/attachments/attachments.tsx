/** Files attached to a person's record: photographs, scans, PDFs of elsewhere, by category; found, looked at, turned, sorted in. */
import { useState } from 'react';
import {
  type BannerPerson,
  ButtonLink,
  type Column,
  Columns,
  Empty,
  formatDateTime,
  ListPanel,
  Loaded,
  Page,
  PatientBanner,
  Row,
  type ScreenProps,
  SearchField,
  SelectField,
  TwoLines,
  t,
  useList,
  useQuery,
  useUrlState,
} from '../../../../web/ui/index.ts';
import type { AttachmentRow } from '../../attachments/attachment.ts';
import { AttachmentView } from './attachment-view.tsx';
import { kindWords, useKinds } from './kinds.ts';
import { NewAttachment } from './new-attachment.tsx';
import { Thumbnail } from './thumbnail.tsx';

export default function AttachmentsScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  return (
    <Page
      title={t('documents.attachments', 'Tài liệu đính kèm')}
      acts={
        <Row align="end" wrap>
          <ButtonLink to={`/giay-to/${encodeURIComponent(patient)}`}>
            {t('documents.title', 'Giấy tờ đã in')}
          </ButtonLink>
          <NewAttachment patient={patient} />
        </Row>
      }
      fill
    >
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      {person.data && <Files patient={patient} />}
    </Page>
  );
}

function Files({ patient }: { patient: string }) {
  const kinds = useKinds();
  const [kind, setKind] = useUrlState('loai', '');
  const [text, setText] = useUrlState('tim', '');
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = new URLSearchParams({ ...(kind ? { kind } : {}), ...(text ? { q: text } : {}) });
  const list = useList<AttachmentRow>(
    ['attachments', patient],
    `/api/documents/people/${encodeURIComponent(patient)}/attachments?${asked}`,
  );
  const current = list.rows.find(({ id }) => id === chosen) ?? list.rows[0] ?? null;
  return (
    <Columns widths={['minmax(420px, 6fr)', 'minmax(360px, 5fr)']} fill>
      <ListPanel
        id="attachments"
        label={t('documents.attachments', 'Tài liệu đính kèm')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        rowHeight={56}
        onOpen={(row) => setChosen(row.id)}
        bar={
          <Row align="end" wrap>
            <SelectField
              label={t('documents.kind', 'Loại')}
              name="kind"
              width="210px"
              empty={t('documents.kind.all', 'Tất cả các loại')}
              value={kind}
              onChange={setKind}
              choices={[
                ...kinds.map((one) => ({ value: one.code, label: kindWords(one) })),
                { value: 'chua-phan-loai', label: t('documents.kind.none', 'Chưa phân loại') },
              ]}
            />
            <SearchField
              label={t('documents.attachments.find', 'Tìm tên, loại, người đính kèm')}
              width="300px"
              value={text}
              onChange={setText}
            />
          </Row>
        }
        empty={
          kind !== '' || text !== '' ? (
            <Empty title={t('documents.attachments.none.such', 'Không có tài liệu nào như vậy')}>
              {t('documents.attachments.none.such.hint', 'Xoá bớt chữ, hoặc chọn tất cả các loại.')}
            </Empty>
          ) : (
            <Empty title={t('documents.attachments.none', 'Chưa có tài liệu nào')}>
              {t(
                'documents.attachments.none.hint',
                'Chụp hoặc chọn giấy người bệnh mang theo: kết quả, đơn thuốc, giấy chuyển của nơi khác.',
              )}
            </Empty>
          )
        }
      />
      {current && <AttachmentView key={`${current.id} ${current.version}`} row={current} patient={patient} />}
    </Columns>
  );
}

function columns(): Column<AttachmentRow>[] {
  return [
    {
      key: 'picture',
      title: t('documents.thumbnail', 'Ảnh nhỏ'),
      draw: (row) => <Thumbnail row={row} />,
      width: '72px',
    },
    {
      key: 'title',
      title: t('documents.attachment', 'Tài liệu'),
      draw: (row) => (
        <TwoLines first={row.title} second={row.kindName || t('documents.kind.none', 'Chưa phân loại')} />
      ),
      width: '2fr',
    },
    {
      key: 'at',
      title: t('documents.attached', 'Đính kèm'),
      draw: (row) => <TwoLines first={formatDateTime(row.at)} second={row.author} />,
      width: '1.4fr',
    },
  ];
}
