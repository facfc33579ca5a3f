import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  CheckList,
  Divider,
  Facts,
  type Found,
  formatDate,
  formatDateTime,
  hasRole,
  Notice,
  roleName,
  SidePanel,
  Stack,
  staffRoles,
  Text,
  t,
  toast,
  useMe,
  useMutation,
} from '../../../web/ui/index.ts';
import { HandedOver } from './handed-over.tsx';
import { UnitField } from './unit-field.tsx';
import { type ShownAccount, stateText, stateTone } from './words.ts';

const REFRESHES = [['accounts'], ['reviews']];

/** One account and what may be done with it; whoever may not do it is told by the server. */
export function AccountPanel(props: { account: ShownAccount; onClose: () => void }) {
  const { account } = props;
  const [given, setGiven] = useState<{ password: string; until: string } | null>(null);
  const act = useMutation(
    (path: string) =>
      api.post<{ password: string; until: string } | undefined>(
        `/api/access/accounts/${encodeURIComponent(account.id)}/${path}`,
        {},
      ),
    { refreshes: REFRESHES },
  );
  const run = (path: string, done: string) => async () => {
    const answer = await act.run(path);
    if (answer?.password) setGiven(answer);
    else toast(done);
  };
  const me = useMe();
  const own = me.id === account.id;
  return (
    <SidePanel title={account.name} opened onClose={props.onClose} width={460}>
      <Stack>
        <div>
          <Badge tone={stateTone(account)}>{stateText(account)}</Badge>
        </div>
        <Facts
          items={[
            [t('accounts.username', 'Tên đăng nhập'), account.id],
            [t('accounts.unit', 'Đơn vị'), account.unitName ?? t('accounts.province', 'Toàn tỉnh')],
            [t('accounts.roles', 'Vai trò'), account.roles.map((role) => roleName(role as never)).join(', ')],
            [
              t('accounts.last', 'Vào lần cuối'),
              account.lastSignIn ? formatDateTime(account.lastSignIn) : t('accounts.never-in', 'chưa vào'),
            ],
            [
              t('accounts.ends', 'Ngày làm cuối'),
              account.endsOn ? formatDate(account.endsOn) : t('accounts.open-end', 'không hạn'),
            ],
            [
              t('accounts.source', 'Mở từ'),
              account.inRegister
                ? t('accounts.from-register', 'danh sách nhân sự')
                : t('accounts.by-hand', 'người quản trị'),
            ],
          ]}
        />
        {act.error && (
          <div role="alert">
            <Notice tone="danger" title={act.error.message} />
          </div>
        )}
        {given && <HandedOver name={account.id} {...given} />}
        {own ? (
          <Text tone="soft">
            {t('accounts.own', 'Đây là tài khoản của bạn: việc này phải nhờ người khác làm.')}
          </Text>
        ) : (
          <Stack gap={8}>
            <Button wide busy={act.busy} onPress={() => void run('reset', '')()}>
              {t('accounts.reset', 'Trao mật khẩu mới')}
            </Button>
            {account.state === 'locked' && (
              <Button wide onPress={() => void run('unlock', t('accounts.unlocked', 'Đã mở khóa'))()}>
                {t('accounts.unlock', 'Mở khóa')}
              </Button>
            )}
            <Button
              wide
              onPress={() =>
                void run(
                  'factors',
                  t('accounts.factors-gone', 'Đã bỏ yếu tố thứ hai; người đó sẽ đăng ký lại'),
                )()
              }
            >
              {t('accounts.lost', 'Mất điện thoại hoặc khóa: bỏ yếu tố thứ hai')}
            </Button>
            {account.state === 'closed' || account.state === 'left' || account.state === 'unused' ? (
              <Button wide onPress={() => void run('open', t('accounts.opened', 'Đã mở lại'))()}>
                {t('accounts.reopen', 'Mở lại tài khoản')}
              </Button>
            ) : (
              <Button
                wide
                kind="danger"
                onPress={() => void run('close', t('accounts.closed', 'Đã đóng, mọi phiên đã kết thúc'))()}
              >
                {t('accounts.close', 'Đóng tài khoản')}
              </Button>
            )}
            <Text size={13} tone="soft">
              {t(
                'accounts.in-person',
                'Chỉ trao mật khẩu hay bỏ yếu tố thứ hai khi người đó đứng trước mặt.',
              )}
            </Text>
          </Stack>
        )}
        {!own && hasRole(me, ['administrator']) && <Rights key={account.id} account={account} />}
      </Stack>
    </SidePanel>
  );
}

function Rights({ account }: { account: ShownAccount }) {
  const [roles, setRoles] = useState<string[]>(account.roles);
  const [unit, setUnit] = useState<Found | null>(
    account.unit === null ? null : { code: account.unit, label: account.unitName ?? account.unit },
  );
  const save = useMutation(
    () =>
      api.post(`/api/access/accounts/${encodeURIComponent(account.id)}/rights`, {
        roles,
        unit: unit?.code ?? null,
      }),
    { refreshes: REFRESHES },
  );
  return (
    <Stack>
      <Divider />
      <CheckList
        label={t('accounts.roles', 'Vai trò')}
        choices={staffRoles().map((value) => ({ value, label: roleName(value) }))}
        value={roles}
        onChange={setRoles}
      />
      <UnitField value={unit} onChange={setUnit} />
      {save.error && (
        <div role="alert">
          <Notice tone="danger" title={save.error.message} />
        </div>
      )}
      <Button
        kind="primary"
        busy={save.busy}
        disabled={roles.length === 0}
        onPress={() => void save.run(undefined).then(() => toast(t('accounts.saved', 'Đã lưu quyền')))}
      >
        {t('accounts.save-rights', 'Lưu quyền')}
      </Button>
    </Stack>
  );
}
