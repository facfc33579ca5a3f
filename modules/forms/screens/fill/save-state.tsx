/** What of the form is kept where, in a word; and the choice when two browsers have changed one draft. */

import type { Questionnaire, QuestionnaireResponse } from '../../../../kernel/fhir/types.ts';
import { Badge, Button, Dialog, formatDateTime, Notice, Row, Table, t } from '../../../../web/ui/index.ts';
import { differences } from './compare.ts';
import type { DraftSync } from './use-draft-sync.ts';

export function SaveState({ sync }: { sync: DraftSync }) {
  switch (sync.state) {
    case 'untouched':
      return null;
    case 'unsaved':
    case 'saving':
      return <Badge tone="neutral">{t('forms.saving', 'Đang ghi nháp…')}</Badge>;
    case 'saved':
      return (
        <Badge tone="done">
          {t('forms.saved', 'Đã ghi nháp {at}', {
            at: sync.savedAt === null ? '' : formatDateTime(new Date(sync.savedAt).toISOString()).slice(0, 5),
          })}
        </Badge>
      );
    case 'offline':
      return <Badge tone="look">{t('forms.kept-here', 'Đang giữ trong máy này')}</Badge>;
  }
}

/** Both drafts beside each other, the questions answered otherwise; nothing is lost before one is chosen. */
export function DraftConflict(props: {
  form: Questionnaire;
  mine: QuestionnaireResponse;
  theirs: { response: QuestionnaireResponse; savedAt: string; place: string };
  onMine: () => void;
  onTheirs: () => void;
}) {
  const { theirs } = props;
  const rows = differences(props.form, props.mine, theirs.response);
  return (
    <Dialog
      title={t('forms.conflict', 'Phiếu này còn một bản nháp khác')}
      opened
      closable={false}
      onClose={props.onMine}
      width={860}
      acts={
        <Row gap={8}>
          <Button onPress={props.onTheirs}>{t('forms.take-theirs', 'Lấy bản ở máy kia')}</Button>
          <Button kind="primary" onPress={props.onMine} autoFocus>
            {t('forms.keep-mine', 'Giữ bản ở máy này')}
          </Button>
        </Row>
      }
    >
      <p>
        {t(
          'forms.conflict-what',
          'Bản kia được ghi lúc {at} ({place}). Chọn một bản để điền tiếp; bản còn lại bị thay.',
          {
            at: formatDateTime(theirs.savedAt),
            place: theirs.place,
          },
        )}
      </p>
      <Table
        label={t('forms.differences', 'Những câu trả lời khác nhau')}
        rowKey={(row) => row.place}
        rows={rows}
        columns={[
          { key: 'question', title: t('forms.question', 'Câu hỏi'), draw: (row) => row.question },
          { key: 'mine', title: t('forms.mine', 'Máy này'), draw: (row) => row.mine || '–' },
          { key: 'theirs', title: t('forms.theirs', 'Máy kia'), draw: (row) => row.theirs || '–' },
        ]}
      />
    </Dialog>
  );
}

/** The draft was finished or thrown away at another computer while something was typed here. */
export function DraftGone(props: { onKeep: () => void; onLeave: () => void }) {
  return (
    <Notice
      tone="look"
      title={t(
        'forms.gone',
        'Bản nháp này đã được hoàn tất hoặc bỏ ở máy khác. Những gì gõ ở đây vẫn còn trên màn hình.',
      )}
      acts={
        <Row gap={8}>
          <Button onPress={props.onLeave}>{t('forms.gone-leave', 'Bỏ phần ở đây')}</Button>
          <Button kind="primary" onPress={props.onKeep}>
            {t('forms.gone-keep', 'Điền tiếp thành phiếu mới')}
          </Button>
        </Row>
      }
    />
  );
}
