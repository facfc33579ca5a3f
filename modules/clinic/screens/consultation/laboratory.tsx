/** Laboratory orders of the visit and their results, typed where they stand. */
import { type Ref, useState } from 'react';
import { foldText, foldWords } from '../../../../kernel/text/fold.ts';
import {
  type ApiFailure,
  api,
  Badge,
  Button,
  CodeSearch,
  type Found,
  formatTime,
  Grid,
  Notice,
  NumberField,
  Panel,
  Row,
  SelectField,
  Stack,
  Table,
  Text,
  t,
  useDraft,
} from '../../../../web/ui/index.ts';
import type { ClinicLists, OrderView, ResultView, TestView, VisitView } from '../../contract.ts';

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
      {waiting && !props.readOnly && <ResultForm {...props} />}
      {order.status === 'completed' && <Results order={order} />}
    </Stack>
  );
}

function statusWord(order: OrderView): string {
  if (order.status === 'active') return t('clinic.lab.waiting', 'chờ kết quả');
  if (order.status === 'completed') return t('clinic.lab.done', 'có kết quả');
  return t('clinic.lab.revoked', 'đã hủy');
}

type Values = Record<string, number | string | null>;

function ResultForm(props: OrderProps) {
  const { order } = props;
  const draft = useDraft<Values>(`results.${order.id}`, {});
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const faults = Object.fromEntries(
    (failure?.issues ?? []).map((issue) => [issue.expression ?? '', issue.text]),
  );
  const send = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const results = Object.entries(draft.value).map(([key, value]) => ({ key, value }));
      const path = `/api/clinic/visits/${props.visit.id}/results`;
      await api.post(path, { order: order.id, results }, { ifMatch: order.version });
      draft.done();
      props.reread();
    } catch (error) {
      setFailure(error as ApiFailure);
    } finally {
      setBusy(false);
    }
  };
  const set = (key: string, value: number | string | null) => draft.set((now) => ({ ...now, [key]: value }));
  return (
    <div data-results>
      <Stack gap={8}>
        <Grid min={150}>
          {order.tests.map((test) => (
            <ResultField
              key={test.key}
              test={test}
              value={draft.value[test.key] ?? null}
              set={set}
              fault={faults[`results.${test.key}`]}
            />
          ))}
        </Grid>
        {failure?.issues.every((issue) => !issue.expression?.startsWith('results.')) && (
          <Notice tone="danger" title={failure.message} />
        )}
        <Row>
          <Button busy={busy} onPress={() => void send()}>
            {t('clinic.lab.save', 'Lưu kết quả')}
          </Button>
        </Row>
      </Stack>
    </div>
  );
}

function ResultField(props: {
  test: TestView;
  value: number | string | null;
  set: (key: string, value: number | string | null) => void;
  fault?: string;
}) {
  const { test } = props;
  const hint = test.range ? t('clinic.lab.range', 'tham chiếu {range}', { range: test.range }) : undefined;
  if (test.kind === 'coded') {
    return (
      <SelectField
        label={test.name}
        value={typeof props.value === 'string' ? props.value : ''}
        onChange={(value) => props.set(test.key, value === '' ? null : value)}
        choices={test.options.map((option) => ({ value: option, label: option }))}
        empty={t('clinic.lab.no-result', 'Chưa có')}
        error={props.fault}
        hint={hint}
      />
    );
  }
  return (
    <NumberField
      label={test.name}
      unit={test.unit}
      value={typeof props.value === 'number' ? props.value : null}
      onChange={(value) => props.set(test.key, value)}
      error={props.fault}
      hint={hint}
    />
  );
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
      {props.test.result?.value} {props.test.unit}
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
