/** Laboratory orders of the visit and their results, typed where they stand. */
import { type Ref, useState } from 'react';
import { foldText, foldWords } from '../../../../kernel/text/fold.ts';
import { unitText } from '../../../../kernel/text/unit.ts';
import {
  type ApiFailure,
  api,
  Badge,
  Button,
  CodeSearch,
  type Found,
  formatTime,
  Notice,
  Panel,
  Row,
  Stack,
  Table,
  Text,
  t,
} from '../../../../web/ui/index.ts';
import type { ClinicLists, OrderView, ResultView, TestView, VisitView } from '../../contract.ts';
import { ResultForm } from './result-form.tsx';

export function Laboratory(props: {
  visit: VisitView;
  lists: ClinicLists | undefined;
  searchRef: Ref<HTMLInputElement>;
  readOnly: boolean;
  onVisit: (visit: VisitView) => void;
  reread: () => void;
}) {
  const { visit } = props;
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const at = `/api/clinic/visits/${visit.id}/orders`;
  const act = (call: () => Promise<VisitView>) => {
    setFailure(null);
    call().then(props.onVisit, (error: ApiFailure) => setFailure(error));
  };
  return (
    <Panel title={t('clinic.lab', 'Xét nghiệm')}>
      <Stack gap={12}>
        {failure && <Notice tone="danger" title={failure.message} />}
        {visit.orders.map((order) => (
          <Order
            key={order.id}
            {...props}
            order={order}
            onRevoke={() => act(() => api.post(`${at}/${order.id}/revoke`, {}, { ifMatch: order.version }))}
          />
        ))}
        {!props.readOnly && (
          <CodeSearch
            label={t('clinic.lab.order', 'Chỉ định xét nghiệm')}
            name="service"
            search={async (typed) => searchServices(props.lists, typed)}
            onChoose={(found) => act(() => api.post(at, { service: found.code }))}
            placeholder={t('clinic.lab.hint', 'Gõ tên xét nghiệm, không cần dấu')}
            inputRef={props.searchRef}
          />
        )}
      </Stack>
    </Panel>
  );
}

function searchServices(lists: ClinicLists | undefined, typed: string): Found[] {
  const words = foldWords(typed);
  return (lists?.services ?? [])
    .filter((service) => {
      const known = foldText([service.name, service.code, ...service.tests].join(' ')).split(' ');
      return words.every((word) => known.some((one) => one.startsWith(word)));
    })
    .map((service) => ({ code: service.code, label: service.name }));
}

interface OrderProps {
  visit: VisitView;
  order: OrderView;
  readOnly: boolean;
  reread: () => void;
  onRevoke: () => void;
}

function Order(props: OrderProps) {
  const { order } = props;
  const waiting = order.status === 'active';
  return (
    <Stack gap={8}>
      <Row gap={8} wrap>
        <Text strong>{order.name}</Text>
        <Badge tone={waiting ? 'look' : order.status === 'completed' ? 'done' : 'neutral'}>
          {statusWord(order)}
        </Badge>
        <Text tone="soft" size={13}>
          {formatTime(order.orderedAt)}
        </Text>
        {waiting && !props.readOnly && (
          <Button kind="quiet" small onPress={props.onRevoke}>
            {t('clinic.lab.revoke', 'Hủy chỉ định')}
          </Button>
        )}
      </Row>
      {waiting && !props.readOnly && (
        <ResultForm encounter={props.visit.id} order={order} onSaved={props.reread} />
      )}
      {order.status === 'completed' && <Results order={order} />}
    </Stack>
  );
}

function statusWord(order: OrderView): string {
  if (order.status === 'active') return t('clinic.lab.waiting', 'chờ kết quả');
  if (order.status === 'completed') return t('clinic.lab.done', 'có kết quả');
  return t('clinic.lab.revoked', 'đã hủy');
}

function Results(props: { order: OrderView }) {
  return (
    <Table
      label={props.order.name}
      rows={props.order.tests.filter((test) => test.result !== null)}
      rowKey={(test) => test.key}
      columns={[
        { key: 'name', title: t('clinic.lab.test', 'Xét nghiệm'), draw: (test) => test.name },
        {
          key: 'value',
          title: t('clinic.lab.value', 'Kết quả'),
          width: 180,
          draw: (test) => <Value test={test} />,
        },
        {
          key: 'range',
          title: t('clinic.lab.reference', 'Tham chiếu'),
          width: 140,
          draw: (test) => test.range,
        },
        { key: 'flag', title: '', width: 170, draw: (test) => <Flag result={test.result!} /> },
      ]}
    />
  );
}

function Value(props: { test: TestView }) {
  return (
    <Text strong>
      {props.test.result?.value} {unitText(props.test.unit)}
    </Text>
  );
}

function Flag(props: { result: ResultView }) {
  const { flag } = props.result;
  if (flag === 'N') return <Text tone="soft">{flagWord(flag)}</Text>;
  if (flag === '') return <Text tone="soft">{flagWord(flag)}</Text>;
  return <Badge tone={flag === 'LL' || flag === 'HH' ? 'danger' : 'look'}>{flagWord(flag)}</Badge>;
}

function flagWord(flag: string): string {
  const words: Record<string, string> = {
    N: t('clinic.flag.N', 'bình thường'),
    L: t('clinic.flag.L', 'thấp'),
    H: t('clinic.flag.H', 'cao'),
    LL: t('clinic.flag.LL', 'thấp nguy kịch'),
    HH: t('clinic.flag.HH', 'cao nguy kịch'),
    A: t('clinic.flag.A', 'bất thường'),
  };
  return words[flag] ?? t('clinic.flag.none', 'chưa có khoảng tham chiếu');
}
