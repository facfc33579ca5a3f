/** Above the reports of a month: how many wait or are late, and what one looks for among those of many units. */
import { Badge, language, Row, SearchField, SelectField, t } from '../../../web/ui/index.ts';
import type { MissingForm } from '../missing-forms.ts';
import type { DueReport } from '../routes-list.ts';
import { MissingForms } from './missing-forms.tsx';
import type { Wanted } from './reports-found.ts';

export function ReportsBar(props: {
  rows: readonly DueReport[];
  missing: readonly MissingForm[];
  wanted: Wanted;
  onWant: (part: keyof Wanted, value: string) => void;
}) {
  const { rows, missing, wanted, onWant } = props;
  const ofMany = new Set(rows.map(({ unit }) => unit)).size > 1;
  const forms = new Map(rows.map((row) => [row.form, row]));
  const any = { value: '', label: t('statistics.find.any-form', 'Mọi biểu') };
  return (
    <Row wrap>
      {ofMany && (
        <>
          <SearchField
            label={t('statistics.find', 'Tìm đơn vị, tên biểu')}
            value={wanted.words}
            onChange={(value) => onWant('words', value)}
            width="190px"
          />
          <SelectField
            label={t('statistics.form', 'Biểu')}
            name="form"
            value={wanted.form}
            onChange={(value) => onWant('form', value)}
            choices={[
              any,
              ...[...forms].map(([value, { code, title, titleEn }]) => ({
                value,
                label: `${code} ${language() === 'en' ? titleEn : title}`,
              })),
            ]}
            bare
            width={170}
          />
          <SelectField
            label={t('statistics.state', 'Trạng thái')}
            name="how"
            value={wanted.how}
            onChange={(value) => onWant('how', value)}
            choices={howChoices()}
            bare
          />
        </>
      )}
      <Waiting rows={rows} />
      <MissingForms forms={missing} />
    </Row>
  );
}

const howChoices = () => [
  { value: '', label: t('statistics.find.any-state', 'Mọi trạng thái') },
  { value: 'submitted', label: t('statistics.state.submitted', 'Đã nộp, chờ duyệt') },
  { value: 'missing', label: t('statistics.missing', 'Quá hạn, chưa nộp') },
  { value: 'open', label: t('statistics.state.open', 'Đang lập') },
  { value: 'late', label: t('statistics.late', 'Nộp muộn') },
  { value: 'approved', label: t('statistics.state.approved', 'Đã duyệt, đã khoá') },
];

function Waiting({ rows }: { rows: readonly DueReport[] }) {
  const count = (how: string) => rows.filter((row) => row.punctuality === how).length;
  const handed = rows.filter(({ state }) => state === 'submitted').length;
  return (
    <>
      {handed > 0 && (
        <Badge tone="look">
          {t('statistics.submitted.n', '{n} báo cáo đã nộp, chờ duyệt', { n: handed })}
        </Badge>
      )}
      {count('missing') > 0 && (
        <Badge tone="danger">
          {t('statistics.missing.n', '{n} báo cáo quá hạn chưa nộp', { n: count('missing') })}
        </Badge>
      )}
      {count('waiting') > 0 && (
        <Badge tone="info">{t('statistics.waiting.n', '{n} báo cáo còn hạn', { n: count('waiting') })}</Badge>
      )}
    </>
  );
}
