/** One item of a form, whatever its type: drawn when it is asked, with what was answered before beside it. */
import { memo } from 'react';
import { Text } from '../../../../web/ui/index.ts';
import { FormGroup } from './form-group.tsx';
import { type ItemProps, useField } from './form-scope.ts';
import { Question } from './question.tsx';

export const FormItem = memo(function FormItem(props: ItemProps) {
  const field = useField(props.path);
  if (!field?.state.enabled || field.state.hidden) return null;
  const { state, face } = field;
  if (state.type === 'group') return <FormGroup state={state} face={face} level={props.level} />;
  if (state.type === 'display')
    return (
      <Text as="p" tone={face.displayCategory === 'security' ? 'look' : 'soft'}>
        {state.prefix ? `${state.prefix} ` : ''}
        {state.text}
      </Text>
    );
  return <Question state={state} face={face} level={props.level} bare={props.bare ?? false} />;
});
