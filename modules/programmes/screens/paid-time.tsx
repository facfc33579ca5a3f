/** A day and one of its times that are still free. */
import { useState } from 'react';
import {
  addDays,
  DateField,
  formatTime,
  Loaded,
  RadioList,
  Stack,
  Text,
  t,
  today,
  useQuery,
} from '../../../web/ui/index.ts';

interface Times {
  day: string;
  rows: { start: string; end: string; left: number }[];
}

export function TimeChoice(props: {
  value: string;
  error?: string | undefined;
  onChange: (start: string) => void;
}) {
  const [day, setDay] = useState(() => addDays(today(), 1));
  const read = useQuery<Times>(['programmes', 'paid', 'times', day], `/api/programmes/paid/times?day=${day}`);
  const now = Date.now();
  return (
    <Stack gap={8}>
      <DateField
        label={t('programmes.paid.day', 'Ngày tiêm')}
        name="day"
        full
        required
        expect="future"
        value={day}
        onChange={(chosen) => {
          setDay(chosen ?? today());
          props.onChange('');
        }}
      />
      <Loaded read={read}>
        {({ rows }) => {
          const open = rows.filter(({ left, end }) => left > 0 && Date.parse(end) > now);
          if (open.length === 0)
            return (
              <Text tone="look">
                {rows.length === 0
                  ? t('programmes.paid.closed', 'Ngày này không tiêm dịch vụ. Chọn ngày khác.')
                  : t('programmes.paid.full', 'Ngày này đã hết chỗ. Chọn ngày khác.')}
              </Text>
            );
          return (
            <RadioList
              label={t('programmes.paid.time', 'Giờ hẹn')}
              inline
              required
              error={props.error}
              value={props.value}
              onChange={props.onChange}
              choices={open.map(({ start, left }) => ({
                value: start,
                label: t('programmes.paid.left', '{time} (còn {left})', {
                  time: formatTime(start),
                  left: String(left),
                }),
              }))}
            />
          );
        }}
      </Loaded>
    </Stack>
  );
}
