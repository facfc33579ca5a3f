/** The review of accounts and rights that every unit owes twice a year: what is due, and the list to sign off. */
import { useEffect, useState } from 'react';
import {
  api,
  Badge,
  Button,
  ButtonLink,
  Empty,
  Failed,
  formatDate,
  Loaded,
  Notice,
  Page,
  Panel,
  RadioList,
  Row,
  roleName,
  Skeleton,
  Stack,
  Table,
  Text,
  TwoLines,
  t,
  toast,
  useList,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { ShownAccount } from './words.ts';

interface UnitRow {
  unit: string;
  unitName: string;
  accounts: number;
  last: { reviewedAt: string; name: string; kept: number; closed: number } | null;
  due: string | null;
  overdue: boolean;
}

export default function ReviewScreen() {
  const units = useQuery<{ rows: UnitRow[] }>(['reviews'], '/api/access/reviews');
  const [unit, setUnit] = useState<UnitRow | null>(null);
  return (
    <Page
      title={t('accounts.review', 'Rà soát tài khoản')}
      acts={<ButtonLink to="/quan-tri/tai-khoan">{t('accounts.title', 'Tài khoản nhân viên')}</ButtonLink>}
    >
      <Stack>
        {unit ? (
          <Signing unit={unit} onDone={() => setUnit(null)} />
        ) : (
          <Loaded read={units}>
            {({ rows }) =>
              rows.length === 0 ? (
                <Empty title={t('accounts.no-units', 'Chưa có tài khoản nào để rà soát')} />
              ) : (
                <Units rows={rows} onOpen={setUnit} />
              )
            }
          </Loaded>
        )}
      </Stack>
    </Page>
  );
}

function Units(props: { rows: UnitRow[]; onOpen: (unit: UnitRow) => void }) {
  return (
    <Panel title={t('accounts.units', 'Đơn vị')}>
      <Table
        label={t('accounts.units', 'Đơn vị')}
        rowKey={(row) => row.unit}
        rows={props.rows}
        columns={[
          { key: 'name', title: t('accounts.unit', 'Đơn vị'), draw: (row) => row.unitName, narrow: 12 },
          {
            key: 'count',
            title: t('accounts.count', 'Tài khoản'),
            draw: (row) => t('accounts.n', '{n} tài khoản', { n: row.accounts }),
            narrow: 5,
          },
          {
            key: 'last',
            title: t('accounts.reviewed', 'Rà soát lần cuối'),
            narrow: 7,
            draw: (row) =>
              row.last ? (
                <TwoLines first={formatDate(row.last.reviewedAt.slice(0, 10))} second={row.last.name} />
              ) : (
                t('accounts.never-reviewed', 'chưa lần nào')
              ),
          },
          {
            key: 'due',
            title: t('accounts.due', 'Hạn'),
            narrow: 5,
            draw: (row) => (
              <Badge tone={row.overdue ? 'look' : 'done'}>
                {row.overdue ? t('accounts.overdue', 'Đến hạn') : formatDate(row.due!.slice(0, 10))}
              </Badge>
            ),
          },
          {
            key: 'act',
            title: t('accounts.acts', 'Việc'),
            narrow: 7,
            draw: (row) => (
              <Button small onPress={() => props.onOpen(row)}>
                {t('accounts.review-act', 'Rà soát')}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}

/** The whole unit is read, page by page: what is passed over is not reviewed. */
function Signing({ unit, onDone }: { unit: UnitRow; onDone: () => void }) {
  const query = new URLSearchParams({ unit: unit.unit, count: '200' });
  const list = useList<ShownAccount>(['accounts', 'review', unit.unit], `/api/access/accounts?${query}`);
  const { more } = list;
  useEffect(() => more?.(), [more]);
  const whole = !list.loading && !list.refreshing && more === undefined;
  return (
    <Panel
      title={unit.unitName}
      acts={
        <Button kind="quiet" onPress={onDone}>
          {t('accounts.back', 'Quay lại')}
        </Button>
      }
    >
      {list.error ? (
        <Failed failure={list.error} onRetry={list.refresh} />
      ) : whole ? (
        <Verdicts unit={unit} rows={list.rows.filter(({ active }) => active)} onDone={onDone} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Panel>
  );
}

function Verdicts({ unit, rows, onDone }: { unit: UnitRow; rows: ShownAccount[]; onDone: () => void }) {
  const [verdicts, setVerdicts] = useState<Record<string, string>>({});
  const sign = useMutation(
    () =>
      api.post('/api/access/reviews', {
        unit: unit.unit,
        verdicts: rows.map(({ id }) => ({ account: id, verdict: verdicts[id] })),
      }),
    { refreshes: [['reviews'], ['accounts']] },
  );
  const press = async () => {
    await sign.run(undefined);
    toast(t('accounts.signed', 'Đã ký rà soát'));
    onDone();
  };
  const left = rows.filter(({ id }) => verdicts[id] === undefined);
  const keepRest = () =>
    setVerdicts({ ...verdicts, ...Object.fromEntries(left.map(({ id }) => [id, 'keep'])) });
  return (
    <Stack>
      <Text as="p" tone="soft">
        {t(
          'accounts.review-what',
          'Với từng người: còn làm ở đây và đúng vai trò thì giữ; không thì đóng. Ký tên là ghi lại ai đã xem, lúc nào.',
        )}
      </Text>
      {rows.map((row) => (
        <RadioList
          key={row.id}
          inline
          label={`${row.name} (${row.id}) · ${row.roles.map((role) => roleName(role as never)).join(', ')}`}
          value={verdicts[row.id] ?? ''}
          onChange={(verdict) => setVerdicts({ ...verdicts, [row.id]: verdict })}
          choices={[
            { value: 'keep', label: t('accounts.keep', 'Giữ') },
            { value: 'close', label: t('accounts.close-short', 'Đóng') },
          ]}
        />
      ))}
      {sign.error && (
        <div role="alert">
          <Notice tone="danger" title={sign.error.message} />
        </div>
      )}
      <Row wrap>
        <Button
          kind="primary"
          disabled={left.length > 0 || rows.length === 0}
          busy={sign.busy}
          onPress={() => void press()}
        >
          {left.length > 0
            ? t('accounts.left', 'Còn {n} người chưa xem', { n: left.length })
            : t('accounts.sign', 'Ký rà soát')}
        </Button>
        {left.length > 0 && (
          <Button onPress={keepRest}>
            {t('accounts.keep-rest', 'Đã xem hết: giữ {n} người còn lại', { n: left.length })}
          </Button>
        )}
      </Row>
    </Stack>
  );
}
