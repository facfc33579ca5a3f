import { today } from '../format/day.ts';
import { DateField } from './date-field.tsx';

/** The day that a list shows: a whole date in the list's bar; emptied or unreadable it is today. */
export function DayField(props: {
  label: string;
  name: string;
  value: string;
  onChange: (day: string) => void;
}) {
  const { label, name, value } = props;
  return (
    <DateField
      label={label}
      name={name}
      bare
      full
      width="130px"
      value={value}
      onChange={(day) => props.onChange(day ?? today())}
    />
  );
}
