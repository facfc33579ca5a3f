/** Over a report of a unit that was not there: its numbers are those of the units before it, or went to those after it, with links. */
import { formatDate, formatNumber, Link, Notice, Text, t } from '../../../web/ui/index.ts';
import type { SheetAnswer } from '../routes-sheet.ts';

export function BoundaryNotice(props: {
  sheet: SheetAnswer;
  boundary: NonNullable<SheetAnswer['boundary']>;
}) {
  const { sheet, boundary } = props;
  const day = formatDate(boundary.day);
  const begins = boundary.kind === 'begins';
  const divided = boundary.units.some(({ whole }) => !whole);
  return (
    <Notice
      tone="info"
      title={
        begins
          ? t('statistics.boundary.begins', '{unit} có từ ngày {day}: số dưới đây cộng từ đơn vị cũ', {
              unit: sheet.unit.name,
              day,
            })
          : t('statistics.boundary.ended', '{unit} không còn từ ngày {day}; nay thuộc', {
              unit: sheet.unit.name,
              day,
            })
      }
    >
      {boundary.units.map(({ id, name, people }) => (
        <div key={id} className="st-boundary">
          <Link to={`/bao-cao/${sheet.form.key}/${encodeURIComponent(id)}/${sheet.period}`}>{name}</Link>
          {people !== null && (
            <Text size={12} tone="soft">
              {` ${t('statistics.boundary.people', '{n} người về đây', { n: formatNumber(people) })}`}
            </Text>
          )}
        </div>
      ))}
      {begins && (
        <Text size={12} tone="soft">
          {divided
            ? t(
                'statistics.boundary.rule',
                'Đơn vị cũ bị chia: số của nó chia theo số dân từng phần (hoặc về phần chính), tổng không đổi. Tỷ lệ tính lại từ tổng. Người phía sau một số: xem ở báo cáo của đơn vị cũ.',
              )
            : t(
                'statistics.boundary.sum',
                'Số các đơn vị cũ cộng lại, tỷ lệ tính lại từ tổng. Người phía sau một số: xem ở báo cáo của đơn vị cũ.',
              )}
        </Text>
      )}
    </Notice>
  );
}
