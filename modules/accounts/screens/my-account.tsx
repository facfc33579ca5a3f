/** My account: what I prove myself by, and where I am signed in. */
import { useState } from 'react';
import {
  type Added,
  AddGenerator,
  api,
  Badge,
  Button,
  ButtonLink,
  Dialog,
  Empty,
  Form,
  formatDateTime,
  Grow,
  Loaded,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  TwoLines,
  t,
  toast,
  useForm,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import { CodesDialog } from './codes-dialog.tsx';
import { type PasskeyRow, Passkeys } from './my-passkeys.tsx';

interface Account {
  username: string | null;
  name: string;
  password: { changedAt: string } | null;
  totp: boolean;
  recoveryCodes: number;
  passkeys: PasskeyRow[];
  duty: 'must' | 'recommended' | 'none';
  deviceBound: boolean;
}

interface SessionRow {
  id: string;
  createdAt: string;
  seenAt: string;
  ip: string;
  device: string | null;
  current: boolean;
}

const ACCOUNT = ['account'];
const SESSIONS = ['own-sessions'];

export default function MyAccountScreen() {
  const account = useQuery<Account>(ACCOUNT, '/api/access/account');
  return (
    <Page
      title={t('accounts.mine', 'Tài khoản của tôi')}
      narrow
      acts={<ButtonLink to="/tai-khoan/ung-dung">{t('accounts.apps', 'Ứng dụng đã cho phép')}</ButtonLink>}
    >
      <Loaded read={account}>
        {(mine) => (
          <Stack>
            <Strength mine={mine} />
            {mine.username !== null && <Generator mine={mine} />}
            <Passkeys rows={mine.passkeys} deviceBound={mine.deviceBound} />
            {mine.password && <Password changedAt={mine.password.changedAt} />}
            <Sessions />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Strength({ mine }: { mine: Account }) {
  const factors = mine.passkeys.length + (mine.totp ? 1 : 0);
  if (factors === 0 && mine.duty !== 'none')
    return (
      <Notice tone="look" title={t('accounts.only-password', 'Tài khoản chỉ có mật khẩu')}>
        {t(
          'accounts.only-password-what',
          'Thêm khóa truy cập hoặc ứng dụng tạo mã: người biết mật khẩu vẫn không vào được.',
        )}
      </Notice>
    );
  if (factors === 1)
    return (
      <Notice title={t('accounts.one-factor', 'Nên có hai cách xác thực')}>
        {t(
          'accounts.one-factor-what',
          'Mất điện thoại hay khóa thì còn cách kia, không phải nhờ người quản trị.',
        )}
      </Notice>
    );
  return null;
}

function Generator({ mine }: { mine: Account }) {
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const added = ({ recoveryCodes }: Added) => {
    setAdding(false);
    refresh(ACCOUNT);
    if (recoveryCodes) setCodes(recoveryCodes);
    else toast(t('accounts.generator-added', 'Đã nối ứng dụng tạo mã'));
  };
  const remove = useMutation(() => api.remove('/api/access/totp'), { refreshes: [ACCOUNT] });
  const renew = useMutation(
    async () => {
      const answer = await api.post<{ codes: string[] }>('/api/access/recovery-codes', {});
      setCodes(answer.codes);
    },
    { refreshes: [ACCOUNT] },
  );
  const second = mine.totp || mine.passkeys.length > 0;
  return (
    <Panel
      title={t('accounts.generator', 'Ứng dụng tạo mã')}
      beside={
        mine.totp ? (
          <Badge tone="done">{t('accounts.on', 'Đang dùng')}</Badge>
        ) : (
          <Badge>{t('accounts.off', 'Chưa có')}</Badge>
        )
      }
      acts={
        <Row>
          <Button onPress={() => setAdding(true)}>
            {mine.totp
              ? t('accounts.generator-renew', 'Đổi điện thoại')
              : t('accounts.generator-add', 'Nối ứng dụng')}
          </Button>
          {mine.totp && (
            <Button kind="quiet" busy={remove.busy} onPress={() => void remove.run(undefined)}>
              {t('accounts.remove', 'Bỏ')}
            </Button>
          )}
        </Row>
      }
    >
      {remove.error && <Notice tone="danger" title={remove.error.message} />}
      {second && (
        <Row align="middle" wrap>
          <Text>{t('accounts.codes-left', 'Mã dự phòng còn {n}', { n: mine.recoveryCodes })}</Text>
          <Button small kind="quiet" busy={renew.busy} onPress={() => void renew.run(undefined)}>
            {t('accounts.codes-renew', 'Tạo mã mới')}
          </Button>
        </Row>
      )}
      {!second && (
        <Text tone="soft">
          {t('accounts.generator-what', 'Điện thoại tạo mã 6 chữ số, cả khi không có mạng.')}
        </Text>
      )}
      <Dialog
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('accounts.generator', 'Ứng dụng tạo mã')}
        width={440}
      >
        {adding && <AddGenerator onAdded={added} />}
      </Dialog>
      <CodesDialog codes={codes} onKept={() => setCodes(null)} />
    </Panel>
  );
}

function Password({ changedAt }: { changedAt: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Panel
      title={t('accounts.password', 'Mật khẩu')}
      acts={<Button onPress={() => setOpen(true)}>{t('accounts.password-change', 'Đổi mật khẩu')}</Button>}
    >
      <Text tone="soft">
        {t('accounts.password-at', 'Đặt lúc {at}. Đổi xong, mọi phiên đều kết thúc.', {
          at: formatDateTime(changedAt),
        })}
      </Text>
      {open && <ChangePassword onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function ChangePassword(props: { onClose: () => void }) {
  const form = useForm({
    draft: null,
    initial: { old: '', password: '', again: '' },
    check: ({ old, password, again }) => ({
      ...(old === '' && { old: t('accounts.old-missing', 'Ghi mật khẩu đang dùng.') }),
      ...(password === '' && { password: t('accounts.new-missing', 'Ghi mật khẩu mới.') }),
      ...(password !== again && { again: t('accounts.not-same', 'Hai lần ghi chưa giống nhau.') }),
    }),
    send: ({ old, password }) => api.post('/api/access/password', { old, password }),
    onDone: () => window.location.assign('/tai-khoan'),
  });
  return (
    <Dialog opened onClose={props.onClose} title={t('accounts.password-change', 'Đổi mật khẩu')} width={440}>
      <Form
        form={form}
        label={t('accounts.password-change', 'Đổi mật khẩu')}
        finish={t('accounts.save', 'Lưu')}
      >
        <TextField
          label={t('accounts.old', 'Mật khẩu đang dùng')}
          type="password"
          autoComplete="current-password"
          autoFocus
          {...form.field('old')}
        />
        <TextField
          label={t('accounts.new', 'Mật khẩu mới')}
          type="password"
          autoComplete="new-password"
          {...form.field('password')}
        />
        <TextField
          label={t('accounts.again', 'Ghi lại mật khẩu mới')}
          type="password"
          autoComplete="new-password"
          onEnter={() => void form.submit()}
          {...form.field('again')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('accounts.save-password', 'Đổi và đăng nhập lại')}
        </Button>
      </Form>
    </Dialog>
  );
}

function Sessions() {
  const sessions = useQuery<{ rows: SessionRow[] }>(SESSIONS, '/api/access/sessions');
  const end = useMutation((id: string) => api.remove(`/api/access/sessions/${id}`), {
    refreshes: [SESSIONS],
  });
  const endOthers = useMutation(() => api.remove('/api/access/sessions'), { refreshes: [SESSIONS] });
  return (
    <Panel
      title={t('accounts.sessions', 'Nơi đang đăng nhập')}
      acts={
        (sessions.data?.rows.length ?? 0) > 1 && (
          <Button busy={endOthers.busy} onPress={() => void endOthers.run(undefined)}>
            {t('accounts.end-others', 'Kết thúc các nơi khác')}
          </Button>
        )
      }
    >
      <Loaded read={sessions}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('accounts.no-sessions', 'Không có phiên nào')} />
          ) : (
            <Stack gap={8}>
              {rows.map((row) => (
                <Row key={row.id} align="middle" wrap>
                  <TwoLines
                    first={row.device ?? t('accounts.unknown-device', 'Thiết bị không rõ')}
                    second={t('accounts.session-what', '{ip} · vào lúc {from} · dùng lần cuối {seen}', {
                      ip: row.ip,
                      from: formatDateTime(row.createdAt),
                      seen: formatDateTime(row.seenAt),
                    })}
                  />
                  <Grow />
                  {row.current ? (
                    <Badge tone="brand">{t('accounts.this', 'Máy này')}</Badge>
                  ) : (
                    <Button small onPress={() => void end.run(row.id)}>
                      {t('accounts.end', 'Kết thúc')}
                    </Button>
                  )}
                </Row>
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Panel>
  );
}
