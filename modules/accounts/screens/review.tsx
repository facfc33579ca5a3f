/** The review of accounts and rights that every unit owes twice a year: what is due, and the list to sign off. */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  ButtonLink,
  Empty,
  formatDate,
  Loaded,
  Notice,
  Page,
  Panel,
  RadioList,
  roleName,
  Stack,
  Table,
  Text,
  TwoLines,
  t,
  toast,
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
    <Panel title={t('accounts.units', 'Đơn vị')} flush>
      <Table
        label={t('accounts.units', 'Đơn vị')}
        rowKey={(row) => row.unit}
        rows={props.rows}
        columns={[
          { key: 'name', title: t('accounts.unit', 'Đơn vị'), draw: (row) => row.unitName },
          {
            key: 'count',
            title: t('accounts.count', 'Tài khoản'),
            draw: (row) => row.accounts,
            align: 'right',
          },
          {
            key: 'last',
            title: t('accounts.reviewed', 'Rà soát lần cuối'),
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
            draw: (row) => (
              <Badge tone={row.overdue ? 'look' : 'done'}>
                {row.overdue ? t('accounts.overdue', 'Đến hạn') : formatDate(row.due!.slice(0, 10))}
              </Badge>
            ),
          },
          {
            key: 'act',
            title: t('accounts.acts', 'Việc'),
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

function Signing({ unit, onDone }: { unit: UnitRow; onDone: () => void }) {
  const query = new URLSearchParams({ unit: unit.unit, count: '200' });
  const list = useQuery<{ rows: ShownAccount[] }>(
    ['accounts', 'review', unit.unit],
    `/api/access/accounts?${query}`,
  );
  const [verdicts, setVerdicts] = useState<Record<string, string>>({});
  const sign = useMutation(
    (rows: ShownAccount[]) =>
      api.post('/api/access/reviews', {
        unit: unit.unit,
        verdicts: rows.map(({ id }) => ({ account: id, verdict: verdicts[id] })),
      }),
    { refreshes: [['reviews'], ['accounts']] },
  );
  const press = async (rows: ShownAccount[]) => {
    await sign.run(rows);
    toast(t('accounts.signed', 'Đã ký rà soát'));
    onDone();
  };
  return (
    <Panel
      title={unit.unitName}
      acts={
        <Button kind="quiet" onPress={onDone}>
          {t('accounts.back', 'Quay lại')}
        </Button>
      }
    >
      <Loaded read={list}>
        {(read) => {
          const rows = read.rows.filter(({ state }) => state === 'open' || state === 'locked');
          const left = rows.filter(({ id }) => verdicts[id] === undefined).length;
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
              <Button
                kind="primary"
                disabled={left > 0 || rows.length === 0}
                busy={sign.busy}
                onPress={() => void press(rows)}
              >
                {left > 0
                  ? t('accounts.left', 'Còn {n} người chưa xem', { n: left })
                  : t('accounts.sign', 'Ký rà soát')}
              </Button>
            </Stack>
          );
        }}
      </Loaded>
    </Panel>
  );
}
