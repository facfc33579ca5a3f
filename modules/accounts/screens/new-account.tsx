import { useState } from 'react';
import {
  api,
  Button,
  CheckList,
  Dialog,
  Form,
  type Found,
  refresh,
  roleName,
  staffRoles,
  TextField,
  t,
  useForm,
} from '../../../web/ui/index.ts';
import { HandedOver } from './handed-over.tsx';
import { UnitField } from './unit-field.tsx';

interface Given {
  id: string;
  password: string;
  until: string;
}

/** For whoever is not in the staff register: an administrator, an outside expert. */
export function NewAccount(props: { onClose: () => void }) {
  const [given, setGiven] = useState<Given | null>(null);
  const form = useForm({
    draft: null,
    initial: { id: '', name: '', unit: null as Found | null, roles: [] as string[] },
    check: ({ id, name, roles }) => ({
      ...(name.trim() === '' && { name: t('accounts.name-missing', 'Ghi họ tên.') }),
      ...(id.trim() === '' && { id: t('accounts.id-missing', 'Ghi tên đăng nhập.') }),
      ...(roles.length === 0 && { roles: t('accounts.roles-missing', 'Chọn ít nhất một vai trò.') }),
    }),
    send: ({ unit, ...values }) =>
      api.post<Given>('/api/access/accounts', { ...values, unit: unit?.code ?? null }),
    onDone: (answer) => {
      refresh(['accounts']);
      setGiven(answer as Given);
    },
  });
  return (
    <Dialog opened onClose={props.onClose} title={t('accounts.add', 'Mở tài khoản')} width={480}>
      {given ? (
        <HandedOver name={given.id} password={given.password} until={given.until} />
      ) : (
        <Form
          form={form}
          label={t('accounts.add', 'Mở tài khoản')}
          finish={t('accounts.add', 'Mở tài khoản')}
        >
          <TextField
            label={t('accounts.name', 'Họ tên')}
            autoFocus
            required
            maxLength={200}
            {...form.field('name')}
          />
          <TextField
            label={t('accounts.username', 'Tên đăng nhập')}
            hint={t('accounts.id-hint', 'Chữ không dấu, số, dấu chấm: ha.ntt')}
            required
            maxLength={64}
            {...form.field('id')}
          />
          <UnitField value={form.values.unit} onChange={(unit) => form.set('unit', unit)} />
          <CheckList
            label={t('accounts.roles', 'Vai trò')}
            choices={staffRoles().map((value) => ({ value, label: roleName(value) }))}
            value={form.values.roles}
            onChange={(roles) => form.set('roles', roles)}
          />
          <Button kind="primary" submit busy={form.busy}>
            {t('accounts.add', 'Mở tài khoản')}
          </Button>
        </Form>
      )}
    </Dialog>
  );
}
