/** What the lists of the officer's board have in common: chips of state, rows that open, news as they come. */
import { type ReactNode, useState } from 'react';
import {
  type Column,
  Empty,
  FilterChips,
  ListPanel,
  Row,
  refresh,
  SearchField,
  Stack,
  Text,
  t,
  useList,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';

interface Props<T> {
  /** Of the list, its query and its place in the URL. */
  name: string;
  label: string;
  /** What the list is for and what is to be done with it. */
  say: string;
  /** Address of the rows, without the query. */
  address: string;
  /** Topic that tells of new rows. */
  topic: string;
  /** Chips of `state`; `all` leaves it out. The first is the one that is shown. */
  states: readonly { value: string; label: string }[];
  /** Label of a search box; none without. */
  find?: string;
  columns: Column<T>[];
  empty: { title: string; hint: string };
  /** The dialog of a row. */
  draw(row: T, close: () => void): ReactNode;
}

export function BoardList<T extends { id: string }>(props: Props<T>) {
  const [state, setState] = useUrlState(props.name, props.states[0]!.value);
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<T | null>(null);
  const query = new URLSearchParams({ ...(state !== 'all' && { state }), ...(text && { q: text }) });
  const list = useList<T>([props.name], `${props.address}?${query}`);
  usePush(props.topic, () => void refresh([props.name]));
  return (
    <Stack gap={12} grow>
      <Text as="p" tone="soft">
        {props.say}
      </Text>
      <ListPanel
        id={props.name}
        label={props.label}
        list={list}
        columns={props.columns}
        rowKey={(row) => row.id}
        rowHeight={52}
        onOpen={setOpened}
        bar={
          <Row wrap>
            <FilterChips
              label={t('privacy.state', 'Trạng thái')}
              value={state}
              onChange={setState}
              chips={[...props.states]}
            />
            {props.find !== undefined && (
              <SearchField label={props.find} width="260px" value={text} onChange={setText} />
            )}
          </Row>
        }
        empty={<Empty title={props.empty.title}>{props.empty.hint}</Empty>}
      />
      {opened && props.draw(opened, () => setOpened(null))}
    </Stack>
  );
}
