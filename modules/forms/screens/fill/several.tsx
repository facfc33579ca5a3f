/** One box an answer where a question repeats, and one more as soon as one is asked for. */
import { type ReactNode, useState } from 'react';
import { Button, Row, Stack, t } from '../../../../web/ui/index.ts';
import type { ControlProps } from './question.tsx';

/** A control of one answer. */
export interface OneProps extends ControlProps {
  value: unknown;
  /** '', null and undefined are none. */
  onValue: (value: unknown) => void;
}

const isNone = (value: unknown) => value === undefined || value === null || value === '';

/** The only answer of a question that takes one, or each of several. */
export function Answers(props: ControlProps & { draw: (one: OneProps) => ReactNode }) {
  const { draw, ...control } = props;
  if (props.face.repeats) return <Several {...props} />;
  const onValue = (value: unknown) => control.onChange(isNone(value) ? [] : [value]);
  return draw({ ...control, value: control.state.values[0], onValue });
}

/** A box that is emptied stays where it is while one types in it: its answer alone is gone. */
function Several(props: ControlProps & { draw: (one: OneProps) => ReactNode }) {
  const { draw, ...control } = props;
  const { values } = control.state;
  const [lines, setLines] = useState<readonly unknown[]>(values);
  const isOurs = JSON.stringify(lines.filter((one) => !isNone(one))) === JSON.stringify(values);
  const shown = isOurs ? lines : values;
  const boxes = shown.length === 0 ? [undefined] : shown;
  const put = (at: number, value: unknown) => {
    const next = boxes.map((one, index) => (index === at ? value : one));
    setLines(next);
    control.onChange(next.filter((one) => !isNone(one)));
  };
  return (
    <Stack gap={8}>
      {boxes.map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: answers are told apart by their place alone
        <div key={at}>
          {draw({
            ...control,
            label: at === 0 ? control.label : `${control.label} (${at + 1})`,
            bare: control.bare || at > 0,
            hint: at === 0 ? control.hint : undefined,
            error: at === boxes.length - 1 ? control.error : undefined,
            value: isNone(value) ? undefined : value,
            onValue: (next) => put(at, next),
          })}
        </div>
      ))}
      {!control.readOnly && !isNone(boxes.at(-1)) && (
        <Row>
          <Button kind="quiet" small onPress={() => setLines([...boxes, undefined])}>
            {t('forms.add-answer', 'Thêm một dòng')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}
