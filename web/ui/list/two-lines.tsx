import type { ReactNode } from 'react';
import { Stack } from '../layout/layout.tsx';
import { Text } from '../layout/text.tsx';

/** Two facts of one thing in one cell, so that all of a row fits an old screen; nothing is a dash. */
export function TwoLines(props: { first: ReactNode; second?: ReactNode; title?: string }) {
  return (
    <Stack gap={0}>
      <Text oneLine title={props.title}>
        {props.first || '–'}
      </Text>
      {props.second && (
        <Text size={12} tone="soft" oneLine>
          {props.second}
        </Text>
      )}
    </Stack>
  );
}
