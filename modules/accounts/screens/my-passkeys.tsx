/** My passkeys: what they are called, when they were used; adding, renaming and removing them. */
import { useState } from 'react';
import {
  AddPasskey,
  api,
  Button,
  Dialog,
  Form,
  formatDateTime,
  Notice,
  Panel,
  pageOfPasskeys,
  passkeysWork,
  Row,
  refresh,
  Table,
  Text,
  TextField,
  TwoLines,
  t,
  toast,
  useForm,
  useMutation,
} from '../../../web/ui/index.ts';
import { CodesDialog } from './codes-dialog.tsx';

export interface PasskeyRow {
  credential: string;
  name: string;
  synced: boolean;
  createdAt: string;
  lastUsedAt: string | null;
}

/** Of `GET /api/access/account`. */
const ACCOUNT = ['account'];

/** @param props.deviceBound the account needs keys that stay in one device */
export function Passkeys({ rows, deviceBound }: { rows: readonly PasskeyRow[]; deviceBound: boolean }) {
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [renaming, setRenaming] = useState<PasskeyRow | null>(null);
  const elsewhere = pageOfPasskeys();
  const path = (row: PasskeyRow) => `/api/access/passkeys/${encodeURIComponent(row.credential)}`;
  const remove = useMutation((row: PasskeyRow) => api.remove(path(row)), { refreshes: [ACCOUNT] });
  return (
    <Panel
      title={t('accounts.passkeys', 'Khóa truy cập')}
      acts={
        passkeysWork() && (
          <Button onPress={() => setAdding(true)}>{t('accounts.passkey-add', 'Thêm khóa')}</Button>
        )
      }
    >
      {remove.error && <Notice tone="danger" title={remove.error.message} />}
      {rows.length === 0 ? (
        <Text tone="soft">
          {passkeysWork()
            ? t(
                'accounts.passkeys-none',
                'Chưa có khóa nào. Khóa truy cập là vân tay, mã mở máy hay khóa bảo mật: vào nhanh, không lộ được.',
              )
            : t(
                'accounts.passkeys-not-here',
                'Trang này không mở qua tên miền an toàn nên chưa dùng được khóa truy cập.',
              )}{' '}
          {elsewhere && <a href={`${elsewhere}/tai-khoan`}>{elsewhere}</a>}
        </Text>
      ) : (
        <Table
          label={t('accounts.passkeys', 'Khóa truy cập')}
          rowKey={(row) => row.credential}
          rows={rows}
          columns={[
            {
              key: 'name',
              title: t('accounts.passkey-name', 'Tên'),
              draw: (row) => (
                <TwoLines
                  first={row.name}
                  second={
                    row.synced
                      ? t('accounts.synced', 'chép giữa các thiết bị')
                      : t('accounts.bound', 'ở một thiết bị')
                  }
                />
              ),
            },
            {
              key: 'used',
              title: t('accounts.used', 'Dùng lần cuối'),
              draw: (row) =>
                row.lastUsedAt ? formatDateTime(row.lastUsedAt) : t('accounts.never', 'chưa dùng'),
            },
            {
              key: 'acts',
              title: t('accounts.acts', 'Việc'),
              draw: (row) => (
                <Row>
                  <Button small kind="quiet" onPress={() => setRenaming(row)}>
                    {t('accounts.rename', 'Đổi tên')}
                  </Button>
                  <Button small kind="quiet" onPress={() => void remove.run(row)}>
                    {t('accounts.remove', 'Bỏ')}
                  </Button>
                </Row>
              ),
            },
          ]}
        />
      )}
      <Dialog
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('accounts.passkey-add', 'Thêm khóa')}
        width={440}
      >
        {adding && (
          <AddPasskey
            deviceBound={deviceBound}
            onAdded={({ recoveryCodes }) => {
              setAdding(false);
              refresh(ACCOUNT);
              if (recoveryCodes) setCodes(recoveryCodes);
              else toast(t('accounts.passkey-added', 'Đã thêm khóa truy cập'));
            }}
          />
        )}
      </Dialog>
      {renaming && <Rename row={renaming} path={path(renaming)} onDone={() => setRenaming(null)} />}
      <CodesDialog codes={codes} onKept={() => setCodes(null)} />
    </Panel>
  );
}

function Rename(props: { row: PasskeyRow; path: string; onDone: () => void }) {
  const form = useForm({
    draft: null,
    initial: { name: props.row.name },
    check: ({ name }) => (name.trim() === '' ? { name: t('accounts.no-name', 'Ghi tên.') } : {}),
    send: ({ name }) => api.put(props.path, { name: name.trim() }),
    onDone: () => {
      refresh(ACCOUNT);
      props.onDone();
    },
  });
  return (
    <Dialog opened onClose={props.onDone} title={t('accounts.rename', 'Đổi tên')} width={400}>
      <Form form={form} label={t('accounts.rename', 'Đổi tên')} finish={t('accounts.save', 'Lưu')}>
        <TextField
          label={t('accounts.passkey-name', 'Tên')}
          maxLength={60}
          autoFocus
          onEnter={() => void form.submit()}
          {...form.field('name')}
        />
        <Button kind="primary" submit busy={form.busy}>
          {t('accounts.save', 'Lưu')}
        </Button>
      </Form>
    </Dialog>
  );
}
