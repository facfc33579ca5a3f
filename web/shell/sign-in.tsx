import { useState } from 'react';
import { useConnection } from '../ui/data/connection.ts';
import type { Me } from '../ui/data/session.ts';
import { Dialog } from '../ui/feedback/dialog.tsx';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button } from '../ui/form/button.tsx';
import { Form } from '../ui/form/form.tsx';
import { TextField } from '../ui/form/text-field.tsx';
import { type FormState, useForm } from '../ui/form/use-form.ts';
import { t } from '../ui/i18n/language.ts';
import { Page } from '../ui/layout/layout.tsx';
import { Text } from '../ui/layout/text.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { signIn, signOut } from './session-calls.ts';
import { Mark } from './top-bar.tsx';

interface Account {
  username: string;
  password: string;
}

/** The first page anyone sees. */
export function SignInPage() {
  const form = useAccountForm('');
  return (
    <main className="yb-welcome">
      <div className="yb-welcome-card">
        <div className="yb-welcome-head">
          <Mark />
          <span className="yb-welcome-name">Y Bạ</span>
          <LanguageSwitch />
        </div>
        <Page title={t('shell.sign-in', 'Đăng nhập')} hideTitle>
          <Text tone="soft" as="p">
            {t('shell.welcome', 'Hồ sơ sức khỏe trọn đời của người dân trong tỉnh, ghi một lần.')}
          </Text>
          <AccountForm form={form} />
        </Page>
      </div>
    </main>
  );
}

/** Over the screen when the session ended: what was typed below stays as it is. */
export function SignInAgain(props: { me: Me }) {
  const form = useAccountForm(props.me.id);
  return (
    <Dialog
      opened
      closable={false}
      onClose={() => undefined}
      title={t('shell.again', 'Đăng nhập lại để làm tiếp')}
      width={420}
    >
      <Text tone="soft" as="p">
        {t(
          'shell.again-what',
          'Phiên làm việc của {name} đã hết hạn. Những gì đang gõ vẫn còn nguyên bên dưới.',
          {
            name: props.me.name,
          },
        )}
      </Text>
      <AccountForm form={form} />
      <div>
        <Button kind="quiet" onPress={() => void signOut()}>
          {t('shell.give-up', 'Bỏ, để người khác đăng nhập')}
        </Button>
      </div>
    </Dialog>
  );
}

function useAccountForm(username: string): FormState<Account> {
  return useForm<Account>({
    draft: null,
    initial: { username, password: '' },
    check: (account) => ({
      ...(account.username.trim() === '' && { username: t('shell.no-username', 'Ghi tên đăng nhập.') }),
      ...(account.password === '' && { password: t('shell.no-password', 'Ghi mật khẩu.') }),
    }),
    send: (account) => signIn(account.username.trim(), account.password),
  });
}

function AccountForm(props: { form: FormState<Account> }) {
  const { form } = props;
  const [shown, setShown] = useState(false);
  // Who signs in again only has to type the password.
  const [known] = useState(form.values.username !== '');
  const lost = useConnection() === 'lost';
  return (
    <Form form={form} label={t('shell.sign-in', 'Đăng nhập')} finish={t('shell.sign-in', 'Đăng nhập')}>
      {lost && <Notice tone="look" title={t('shell.lost', 'Mất kết nối, đang nối lại')} />}
      <TextField
        label={t('shell.username', 'Tên đăng nhập')}
        autoComplete="username"
        autoFocus={!known}
        {...form.field('username')}
      />
      <TextField
        label={t('shell.password', 'Mật khẩu')}
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        autoFocus={known}
        onEnter={() => void form.submit()}
        trail={
          <Button kind="quiet" small onPress={() => setShown(!shown)}>
            {shown ? t('shell.hide', 'Ẩn') : t('shell.show', 'Hiện')}
          </Button>
        }
        {...form.field('password')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('shell.sign-in', 'Đăng nhập')}
      </Button>
    </Form>
  );
}
