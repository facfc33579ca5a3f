/** Every look at the record, by day, with the single acts behind each; what the person does not know is reported. */
import { useState } from 'react';
import {
  Button,
  DateField,
  Empty,
  Failed,
  FileLink,
  formatDate,
  formatWeekday,
  Heading,
  Notice,
  Row,
  SelectField,
  Skeleton,
  Stack,
  Text,
  t,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { LookRow } from '../looks-routes.ts';
import { Look } from './look.tsx';
import type { PersonLine } from './person-line.ts';

export function Looks(props: { person: PersonLine }) {
  const [from, setFrom] = useUrlState('tu', '');
  const [to, setTo] = useUrlState('den', '');
  const [unit, setUnit] = useUrlState('noi', '');
  const query = new URLSearchParams({
    patient: props.person.patient,
    ...(from && { from }),
    ...(to && { to }),
    ...(unit && { unit }),
  });
  const list = useList<LookRow>(['citizen-looks'], `/api/citizen/looks?${query}`);
  const units = useUnits(list.rows);
  const days = Map.groupBy(list.rows, ({ day }) => day);
  return (
    <Stack gap={16}>
      <Text as="p">
        {t(
          'privacy.looks.say',
          'Mỗi lần hồ sơ được xem, sửa hay in đều được ghi lại và không ai xóa được. Dưới đây là tất cả, mới nhất trước.',
        )}
      </Text>
      <div className="yb-no-print">
        <Row wrap align="end">
          <DateField
            label={t('privacy.from', 'Từ ngày')}
            name="from"
            width="178px"
            full
            value={from || null}
            onChange={(day) => setFrom(day ?? '')}
          />
          <DateField
            label={t('privacy.to', 'Đến ngày')}
            name="to"
            width="178px"
            full
            value={to || null}
            onChange={(day) => setTo(day ?? '')}
          />
          {units.length > 0 && (
            <SelectField
              label={t('privacy.unit', 'Nơi xem')}
              name="unit"
              width="178px"
              empty={t('privacy.unit.all', 'Tất cả nơi xem')}
              value={unit}
              onChange={setUnit}
              choices={units}
            />
          )}
          <FileLink href={`/api/citizen/looks/paper.pdf?${query}`} save={false}>
            {t('privacy.print', 'In')}
          </FileLink>
        </Row>
      </div>
      {list.error && <Failed failure={list.error} onRetry={list.refresh} />}
      {list.loading && <Skeleton lines={6} />}
      {!list.loading && !list.error && list.rows.length === 0 && (
        <Empty title={t('privacy.looks.none', 'Không có lượt xem nào')}>
          {t(
            'privacy.looks.none.hint',
            'Trong khoảng ngày này chưa ai xem hồ sơ. Hãy nới khoảng ngày nếu cần.',
          )}
        </Empty>
      )}
      {[...days].map(([day, rows]) => (
        <Stack key={day} gap={8}>
          <Heading level={2} size={16}>
            {`${formatWeekday(day)}, ${formatDate(day)}`}
          </Heading>
          {rows.map((row) => (
            <Look key={row.id} row={row} patient={props.person.patient} />
          ))}
        </Stack>
      ))}
      {list.more && (
        <Button wide onPress={list.more} busy={list.refreshing}>
          {t('privacy.more', 'Xem các lượt cũ hơn')}
        </Button>
      )}
      {props.person.veiled.length > 0 && (
        <Notice tone="info">
          {t(
            'privacy.veiled',
            'Một số thông tin riêng tư của người chưa thành niên chỉ hiện cho chính người đó.',
          )}
        </Notice>
      )}
    </Stack>
  );
}

/** Places that were seen so far; one that was chosen stays choosable. */
function useUnits(rows: readonly LookRow[]) {
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const fresh = rows.filter(({ unit }) => unit !== null && !known.has(unit));
  if (fresh.length > 0)
    setKnown(new Map([...known, ...fresh.map(({ unit, unitName }) => [unit!, unitName!] as const)]));
  return [...known].map(([value, label]) => ({ value, label }));
}
