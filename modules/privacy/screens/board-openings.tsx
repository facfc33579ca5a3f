/** Records opened in an emergency: found, taken up, concluded in writing. */
import type { NamedOpening, ReviewState } from '../../../kernel/access/emergency/review.ts';
import {
  Badge,
  type Column,
  Dialog,
  Facts,
  formatDateTime,
  Row,
  type Tone,
  TwoLines,
  t,
} from '../../../web/ui/index.ts';
import { BoardAnswer } from './board-answer.tsx';
import { BoardList } from './board-list.tsx';

const STATES: readonly ReviewState[] = ['new', 'reviewed', 'justified', 'unjustified'];

export function Openings() {
  return (
    <BoardList<NamedOpening>
      name="khan-cap"
      label={t('privacy.openings', 'Mở khẩn cấp')}
      say={t(
        'privacy.openings.say',
        'Nhân viên mở hồ sơ ngoài phạm vi phụ trách vì cấp cứu. Mở từng dòng để hỏi lại, rồi kết luận bằng văn bản; người dân thấy lần mở này trong trang của mình.',
      )}
      address="/api/access/break-glass"
      topic="emergency-openings"
      states={[
        { value: 'all', label: t('privacy.state.all', 'Tất cả') },
        ...STATES.map((value) => ({ value, label: stateWords(value) })),
      ]}
      find={t('privacy.openings.find', 'Tìm tài khoản, tên, lý do')}
      columns={columns()}
      empty={{
        title: t('privacy.openings.none', 'Không có lần mở khẩn cấp nào'),
        hint: t('privacy.openings.none.hint', 'Lần mở mới hiện ở đây ngay khi xảy ra.'),
      }}
      draw={(opening, close) => <Review opening={opening} onClose={close} />}
    />
  );
}

function stateWords(state: ReviewState): string {
  const words: Record<ReviewState, string> = {
    new: t('privacy.state.new', 'Mới'),
    reviewed: t('privacy.state.reviewed', 'Đang rà soát'),
    justified: t('privacy.state.justified', 'Có lý do'),
    unjustified: t('privacy.state.unjustified', 'Không có lý do'),
  };
  return words[state];
}

function stateTone({ state, late, refused }: NamedOpening): Tone {
  if (state === 'unjustified' || late || (refused && state === 'new')) return 'danger';
  if (state === 'justified') return 'done';
  return state === 'new' ? 'look' : 'info';
}

function columns(): Column<NamedOpening>[] {
  return [
    {
      key: 'who',
      title: t('privacy.openings.who', 'Ai mở'),
      draw: (row) => (
        <TwoLines
          first={row.name}
          second={[row.account, row.unitName ?? row.unit].filter(Boolean).join(' · ')}
        />
      ),
      width: '1.3fr',
    },
    {
      key: 'patient',
      title: t('privacy.openings.patient', 'Hồ sơ'),
      draw: (row) => row.patientName ?? row.patient,
      width: '1fr',
    },
    {
      key: 'when',
      title: t('privacy.openings.when', 'Lúc'),
      draw: (row) => formatDateTime(row.openedAt),
      width: '150px',
    },
    { key: 'reason', title: t('privacy.openings.reason', 'Lý do'), draw: (row) => row.reason, width: '2fr' },
    {
      key: 'state',
      title: t('privacy.state', 'Trạng thái'),
      draw: (row) => (
        <Row gap={4} wrap>
          <Badge tone={stateTone(row)}>{stateWords(row.state)}</Badge>
          {row.refused && <Badge tone="danger">{t('privacy.too-many', 'Quá số lần, bị chặn')}</Badge>}
          {row.late && <Badge tone="danger">{t('privacy.late', 'Quá hạn rà soát')}</Badge>}
        </Row>
      ),
      width: '180px',
    },
  ];
}

function Review(props: { opening: NamedOpening; onClose: () => void }) {
  const { opening } = props;
  const title = t('privacy.review', 'Rà soát lần mở khẩn cấp');
  const choices = STATES.filter(
    (state) => state !== 'new' && (state !== 'reviewed' || opening.state === 'new'),
  );
  return (
    <Dialog title={title} opened onClose={props.onClose} width={560}>
      <Facts
        items={[
          [
            t('privacy.openings.who', 'Ai mở'),
            [`${opening.name} (${opening.account})`, opening.unitName].filter(Boolean).join(', '),
          ],
          [t('privacy.openings.patient', 'Hồ sơ'), opening.patientName ?? opening.patient],
          [
            t('privacy.openings.when', 'Lúc'),
            `${formatDateTime(opening.openedAt)} – ${formatDateTime(opening.until)}`,
          ],
          [t('privacy.openings.reason', 'Lý do'), opening.reason],
        ]}
      />
      <BoardAnswer
        label={title}
        draft={`privacy.review.${opening.id}`}
        address={`/api/access/break-glass/${opening.id}/review`}
        step="state"
        stepLabel={t('privacy.conclusion.kind', 'Kết luận')}
        choices={choices.map((value) => ({ value, label: stateWords(value) }))}
        first={opening.state === 'new' ? 'reviewed' : 'justified'}
        note="conclusion"
        noteLabel={t('privacy.conclusion', 'Kết luận bằng văn bản')}
        written={opening.conclusion ?? ''}
        least={(state) => (state === 'reviewed' ? null : 10)}
        short={t('privacy.conclusion.short', 'Ghi rõ kết luận, ít nhất 10 ký tự.')}
        list="khan-cap"
        onClose={props.onClose}
      />
    </Dialog>
  );
}
