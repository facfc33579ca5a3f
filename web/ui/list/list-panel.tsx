import type { ListRead } from '../data/query.ts';
import { Panel } from '../layout/layout.tsx';
import { DataList, type DataListProps } from './data-list.tsx';

type Read = 'rows' | 'total' | 'more' | 'nextFailed' | 'loading' | 'error' | 'refresh';

/**
 * What `useList` reads, as the list of a `<Page fill>`: a panel to its edges with the rows in it.
 * @param props.waits true while something else that the rows need is being read
 */
export function ListPanel<T>({
  list,
  waits = false,
  ...props
}: Omit<DataListProps<T>, Read> & { list: ListRead<T>; waits?: boolean }) {
  return (
    <Panel flush fill>
      <DataList
        {...props}
        rows={list.rows}
        total={list.total}
        more={list.more}
        nextFailed={list.nextFailed}
        loading={list.loading || waits}
        error={list.error}
        refresh={list.refresh}
      />
    </Panel>
  );
}
