/** Accounts of staff: all for the administrator, those of the unit for its head. */
import { useState } from 'react';
import {
  Badge,
  Button,
  ButtonLink,
  type Column,
  Empty,
  FilterChips,
  formatDateTime,
  hasRole,
  ListPanel,
  Page,
  Row,
  roleName,
  SearchField,
  TwoLines,
  t,
  useList,
  useMe,
  useUrlState,
} from '../../../web/ui/index.ts';
import { AccountPanel } from './account-panel.tsx';
import { NewAccount } from './new-account.tsx';
import { type ShownAccount, stateText, stateTone } from './words.ts';

export const ACCOUNTS = 'accounts';

export default function AccountsScreen() {
  const [text, setText] = useUrlState('tim');
  const [state, setState] = useUrlState('trang-thai');
  const [opened, setOpened] = useState<ShownAccount | null>(null);
  const [adding, setAdding] = useState(false);
  const query = new URLSearchParams({ q: text, state });
  const list = useList<ShownAccount>([ACCOUNTS, query.toString()], `/api/access/accounts?${query}`);
  const administrator = hasRole(useMe(), ['administrator']);
  const shown = opened && (list.rows?.find(({ id }) => id === opened.id) ?? opened);
  return (
    <Page
      title={t('accounts.title', 'Tài khoản nhân viên')}
      acts={
        <Row>
          <ButtonLink to="/quan-tri/ra-soat">{t('accounts.review', 'Rà soát tài khoản')}</ButtonLink>
          {administrator && (
            <Button kind="primary" onPress={() => setAdding(true)}>
              {t('accounts.add', 'Mở tài khoản')}
            </Button>
          )}
        </Row>
      }
      fill
    >
      <ListPanel
        id="accounts"
        label={t('accounts.title', 'Tài khoản nhân viên')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        onOpen={setOpened}
        rowHeight={52}
        bar={
          <Row wrap>
            <SearchField
              label={t('accounts.find', 'Họ tên, tên đăng nhập')}
              value={text}
              onChange={setText}
              width="220px"
            />
            <FilterChips
              label={t('accounts.state', 'Trạng thái')}
              value={state}
              onChange={setState}
              chips={[
                { value: '', label: t('accounts.all', 'Tất cả') },
                ...(['open', 'locked', 'unused', 'left', 'closed'] as const).map((value) => ({
                  value,
                  label: stateText({ state: value, waits: false }),
                })),
                { value: 'waits', label: t('accounts.state.waits', 'Chờ vào lần đầu') },
              ]}
            />
          </Row>
        }
        empty={
          <Empty title={t('accounts.none', 'Không có tài khoản nào như vậy')}>
            {t(
              'accounts.none-what',
              'Bỏ bớt chữ tìm hoặc chọn trạng thái khác. Nhân viên mới có tài khoản khi được ghi vào danh sách nhân sự.',
            )}
          </Empty>
        }
      />
      {shown && <AccountPanel account={shown} onClose={() => setOpened(null)} />}
      {adding && <NewAccount onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columns(): Column<ShownAccount>[] {
  return [
    {
      key: 'name',
      title: t('accounts.name', 'Họ tên'),
      draw: (row) => <TwoLines first={row.name} second={row.id} />,
    },
    {
      key: 'state',
      title: t('accounts.state', 'Trạng thái'),
      width: '170px',
      draw: (row) => <Badge tone={stateTone(row)}>{stateText(row)}</Badge>,
    },
    {
      key: 'unit',
      title: t('accounts.unit', 'Đơn vị'),
      draw: (row) => row.unitName ?? t('accounts.province', 'Toàn tỉnh'),
    },
    {
      key: 'roles',
      title: t('accounts.roles', 'Vai trò'),
      draw: (row) => row.roles.map((role) => roleName(role as never)).join(', '),
    },
    {
      key: 'last',
      title: t('accounts.last', 'Vào lần cuối'),
      width: '160px',
      draw: (row) => (row.lastSignIn ? formatDateTime(row.lastSignIn) : t('accounts.never-in', 'chưa vào')),
      optional: true,
    },
  ];
}
