/** What changes for forms in use, item by item: what was, and what is now. */
import type { Questionnaire, QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { Badge, Empty, Notice, Stack, Table, t } from '../../../../web/ui/index.ts';
import { type Aspect, changesBetween, type ItemChange } from './changes.ts';
import { typeName } from './names.ts';

export function Changes(props: { before: Questionnaire | null; after: Questionnaire; drafts: number }) {
  const changes = changesBetween(props.before, props.after);
  if (changes.length === 0)
    return (
      <Empty title={t('forms.design.same', 'Giống hệt bản đang có hiệu lực')}>
        {t('forms.design.same-what', 'Chưa có gì để công bố.')}
      </Empty>
    );
  return (
    <Stack gap={12}>
      {props.drafts > 0 && (
        <Notice
          tone="info"
          title={t('forms.design.drafts', '{n} phiếu đang điền dở tiếp tục theo phiên bản lúc bắt đầu.', {
            n: props.drafts,
          })}
        />
      )}
      <Table<ItemChange>
        label={t('forms.design.changes', 'Thay đổi')}
        rows={changes}
        rowKey={(row) => `${row.kind} ${row.linkId}`}
        columns={[
          { key: 'kind', title: t('forms.design.change', 'Thay đổi'), draw: (row) => <Kind change={row} /> },
          { key: 'item', title: t('forms.question', 'Câu hỏi'), draw: (row) => row.text || row.linkId },
          {
            key: 'aspects',
            title: t('forms.design.what', 'Ở'),
            draw: (row) => row.aspects.map(aspectName).join(', '),
          },
          {
            key: 'before',
            title: t('forms.design.before', 'Trước'),
            draw: (row) => <Said row={row} item={row.before} />,
          },
          {
            key: 'after',
            title: t('forms.design.after', 'Sau'),
            draw: (row) => <Said row={row} item={row.after} />,
          },
        ]}
      />
    </Stack>
  );
}

/** What an item says of everything that is another now, one a line. */
function Said({ row, item }: { row: ItemChange; item: QuestionnaireItem | null }) {
  if (!item || row.kind !== 'changed') return null;
  return row.aspects.map((aspect) => <div key={aspect}>{aspectWords(item, aspect)}</div>);
}

function aspectWords(item: QuestionnaireItem, aspect: Aspect): string {
  const yes = (is: boolean | undefined) => (is ? t('forms.yes', 'Có') : t('forms.no', 'Không'));
  switch (aspect) {
    case 'text':
      return [item.prefix, item.text].filter(Boolean).join(' ');
    case 'type':
      return typeName(item.type);
    case 'required':
      return yes(item.required);
    case 'repeats':
      return yes(item.repeats);
    case 'options':
      return item.answerValueSet ?? labelsOf(item);
    case 'codes':
      return (item.code ?? []).map(({ code, display }) => display ?? code).join(', ');
    default:
      return '';
  }
}

const labelsOf = ({ answerOption = [] }: QuestionnaireItem) =>
  answerOption
    .map(({ valueCoding, valueString, valueInteger, valueDate }) =>
      String(valueCoding?.display ?? valueCoding?.code ?? valueString ?? valueInteger ?? valueDate ?? ''),
    )
    .join(', ');

function Kind({ change }: { change: ItemChange }) {
  if (change.kind === 'added') return <Badge tone="done">{t('forms.design.added', 'Thêm')}</Badge>;
  if (change.kind === 'removed') return <Badge tone="danger">{t('forms.design.gone', 'Bỏ đi')}</Badge>;
  return <Badge tone={change.breaks ? 'look' : 'info'}>{t('forms.design.changed', 'Sửa')}</Badge>;
}

function aspectName(aspect: Aspect): string {
  const names: Record<Aspect, string> = {
    text: t('forms.aspect.text', 'lời hỏi'),
    type: t('forms.aspect.type', 'loại'),
    required: t('forms.aspect.required', 'bắt buộc'),
    repeats: t('forms.aspect.repeats', 'nhiều lần'),
    options: t('forms.aspect.options', 'lựa chọn'),
    condition: t('forms.aspect.condition', 'điều kiện'),
    codes: t('forms.aspect.codes', 'mã trích vào hồ sơ'),
    rules: t('forms.aspect.rules', 'quy tắc'),
    place: t('forms.aspect.place', 'chỗ đứng'),
    order: t('forms.aspect.order', 'thứ tự'),
  };
  return names[aspect];
}
