/** Decisions of citizens that are carried out otherwise than they say: what is done instead, for a talk with the person. */
import {
  type Column,
  Dialog,
  Facts,
  formatDateTime,
  Notice,
  Stack,
  TwoLines,
  t,
} from '../../../web/ui/index.ts';
import type { ConsentNoteLine } from '../consent-notes.ts';
import { BoardList } from './board-list.tsx';
import { said } from './said.ts';

export function BoardConsents() {
  return (
    <BoardList<ConsentNoteLine>
      name="quyet-dinh"
      label={t('privacy.notes', 'Quyết định chưa thực hiện đúng chữ')}
      say={t(
        'privacy.notes.say',
        'Giấy đồng ý do hệ thống khác gửi có phần không thực hiện được đúng chữ. Hệ thống đã chọn cách an toàn: từ chối thì rộng hơn, cho phép thì hẹp hơn. Hãy hỏi lại người dân rồi ghi quyết định rõ hơn.',
      )}
      address="/api/privacy/consents"
      topic="privacy-requests"
      states={[{ value: 'all', label: t('privacy.state.all', 'Tất cả') }]}
      columns={columns()}
      empty={{
        title: t('privacy.notes.none', 'Mọi quyết định đều được thực hiện đúng chữ'),
        hint: t('privacy.notes.none.hint', 'Giấy đồng ý lập trên trang của người dân luôn thực hiện được.'),
      }}
      draw={(note, close) => <One note={note} onClose={close} />}
    />
  );
}

function columns(): Column<ConsentNoteLine>[] {
  return [
    {
      key: 'who',
      title: t('privacy.openings.patient', 'Hồ sơ'),
      draw: (row) => row.patientName ?? row.patient,
      width: '1fr',
    },
    {
      key: 'what',
      title: t('privacy.notes.what', 'Phần chưa đúng chữ'),
      draw: (row) => <TwoLines first={said(row.parts[0]!)} second={row.parts[0]!.place ?? ''} />,
      width: '3fr',
    },
    {
      key: 'when',
      title: t('privacy.notes.when', 'Ghi lúc'),
      draw: (row) => formatDateTime(row.at),
      width: '160px',
    },
  ];
}

function One(props: { note: ConsentNoteLine; onClose: () => void }) {
  const { note } = props;
  return (
    <Dialog
      title={t('privacy.notes', 'Quyết định chưa thực hiện đúng chữ')}
      opened
      onClose={props.onClose}
      width={640}
    >
      <Stack gap={12}>
        <Facts
          items={[
            [t('privacy.openings.patient', 'Hồ sơ'), note.patientName ?? note.patient],
            [t('privacy.notes.consent', 'Mã quyết định'), `Consent/${note.id}`],
            [t('privacy.notes.when', 'Ghi lúc'), formatDateTime(note.at)],
          ]}
        />
        {note.parts.map((part) => (
          <Notice key={`${part.place} ${part.en}`} tone="look">
            {said(part)}
          </Notice>
        ))}
      </Stack>
    </Dialog>
  );
}
