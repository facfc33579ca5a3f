import { useState } from 'react';
import {
  AgeOfData,
  Badge,
  Button,
  DataList,
  Empty,
  FilterChips,
  formatAge,
  Page,
  Panel,
  refresh,
  useList,
  usePush,
  useUrlState,
} from '../../../web/ui/index.ts';

interface Row {
  id: string;
  ticket: string;
  name: string;
  born: string;
  state: 'waiting' | 'seen' | 'urgent';
}

export function ListPage() {
  const [filter, setFilter] = useUrlState('loc', 'all');
  const [opened, setOpened] = useState('');
  const list = useList<Row>(['queue', filter], `/api/queue?filter=${filter}`);
  usePush('queue/1', () => refresh(['queue']));
  return (
    <Page
      title="Danh sách chờ khám"
      beside={<AgeOfData readAt={list.readAt} />}
      fill
      acts={<Button kind="primary">Gọi số tiếp</Button>}
    >
      <Panel flush fill>
        <DataList<Row>
          id="gallery"
          label="Người chờ khám"
          autoFocus
          rows={list.rows}
          rowKey={(row) => row.id}
          total={list.total}
          more={list.more}
          nextFailed={list.nextFailed}
          loading={list.loading}
          error={list.error}
          refresh={list.refresh}
          onOpen={(row) => setOpened(row.id)}
          acts={[{ key: 'F8', label: 'Gọi', run: (row) => setOpened(`gọi ${row.id}`) }]}
          tone={(row) => (row.state === 'urgent' ? 'danger' : undefined)}
          columns={[
            {
              key: 'ticket',
              title: 'Số',
              width: '64px',
              number: true,
              draw: (row) => row.ticket,
              sortable: true,
            },
            { key: 'name', title: 'Họ tên', width: '2fr', draw: (row) => <strong>{row.name}</strong> },
            { key: 'age', title: 'Tuổi', width: '120px', draw: (row) => formatAge(row.born, '2026-11-22') },
            { key: 'id', title: 'Mã', width: '90px', draw: (row) => row.id, optional: true },
            { key: 'state', title: 'Trạng thái', width: '150px', draw: (row) => <State state={row.state} /> },
          ]}
          bar={
            <FilterChips
              label="Lọc"
              value={filter}
              onChange={setFilter}
              chips={[
                { value: 'all', label: 'Tất cả' },
                { value: 'waiting', label: 'Đang chờ', count: 640 },
                { value: 'none', label: 'Không có ai' },
                { value: 'broken', label: 'Hỏng' },
              ]}
            />
          }
          empty={
            <Empty title="Chưa có ai chờ">Người mới tiếp đón sẽ hiện ở đây ngay khi được phát số.</Empty>
          }
        />
      </Panel>
      <output data-testid="opened">{opened}</output>
    </Page>
  );
}

function State(props: { state: Row['state'] }) {
  if (props.state === 'urgent') return <Badge tone="danger">Cấp cứu</Badge>;
  return props.state === 'seen' ? <Badge tone="done">Đã khám</Badge> : <Badge>Đang chờ</Badge>;
}
