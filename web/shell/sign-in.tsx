import { useEffect, useState } from 'react';
import { useConnection } from '../ui/data/connection.ts';
import { passkeysWork } from '../ui/data/passkey.ts';
import type { Me } from '../ui/data/session.ts';
import { Dialog } from '../ui/feedback/dialog.tsx';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button } from '../ui/form/button.tsx';
import { Form } from '../ui/form/form.tsx';
import { TextField } from '../ui/form/text-field.tsx';
import { type FormState, useForm } from '../ui/form/use-form.ts';
import { t } from '../ui/i18n/language.ts';
import { Page, Stack } from '../ui/layout/layout.tsx';
import { Tabs } from '../ui/layout/tabs.tsx';
import { Text } from '../ui/layout/text.tsx';
import { useAddress, useUrlState } from '../ui/route/route.ts';
import { DemoAccounts } from './demo-accounts.tsx';
import { ExternalProviders } from './external-providers.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import {
  comeIn,
  type Entered,
  enter,
  isMissing,
  type Missing,
  missingNow,
  readWays,
  signOut,
  type Ways,
} from './session-calls.ts';
import { CitizenSignIn } from './sign-in-citizen.tsx';
import { SignInSteps } from './sign-in-steps.tsx';
import { Welcome } from './welcome.tsx';

interface Account {
  username: string;
  password: string;
}

/** The first page anyone sees: staff, citizens, and what is missing of a sign-in that was begun. */
export function SignInPage() {
  const { path, query } = useAddress();
  const hint = new URLSearchParams(query).get('username') ?? '';
  const [who, setWho] = useUrlState('ai', path.startsWith('/cong-dan') ? 'nguoi-dan' : 'nhan-vien');
  const [missing, setMissing] = useState<Missing | null>(null);
  const ways = useWays();
  useEffect(() => void missingNow().then(setMissing), []);
  const entered = (answer: Entered) => (isMissing(answer) ? setMissing(answer) : comeIn());
  return (
    <Welcome beside={ways?.demo && !missing && <DemoAccounts onEntered={entered} />}>
      <Page title={t('shell.sign-in', 'Đăng nhập')} hideTitle>
        {missing ? (
          <SignInSteps missing={missing} onMissing={setMissing} onGiveUp={() => setMissing(null)} />
        ) : (
          <>
            <Text tone="soft" as="p">
              {t('shell.welcome', 'Hồ sơ sức khỏe trọn đời của người dân trong tỉnh, ghi một lần.')}
            </Text>
            <Tabs
              label={t('shell.who', 'Ai đăng nhập')}
              tabs={[
                { key: 'nhan-vien', label: t('shell.staff', 'Nhân viên') },
                { key: 'nguoi-dan', label: t('shell.citizens', 'Người dân') },
              ]}
              value={who}
              onChange={setWho}
            >
              {who === 'nguoi-dan' ? (
                <CitizenSignIn ways={ways} onEntered={entered} />
              ) : (
                <StaffSignIn ways={ways} hint={hint} onEntered={entered} />
              )}
            </Tabs>
          </>
        )}
      </Page>
    </Welcome>
  );
}

/** Over the screen when the session ended: what was typed below stays as it is. */
export function SignInAgain(props: { me: Me }) {
  const [missing, setMissing] = useState<Missing | null>(null);
  const ways = useWays();
  const entered = (answer: Entered) => (isMissing(answer) ? setMissing(answer) : comeIn());
  const isCitizen = props.me.roles.includes('citizen');
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
      {missing ? (
        <SignInSteps missing={missing} onMissing={setMissing} onGiveUp={() => setMissing(null)} />
      ) : isCitizen ? (
        <CitizenSignIn ways={ways} onEntered={entered} />
      ) : (
        <StaffSignIn ways={ways} username={props.me.id} onEntered={entered} />
      )}
      <div>
        <Button kind="quiet" onPress={() => void signOut()}>
          {t('shell.give-up', 'Bỏ, để người khác đăng nhập')}
        </Button>
      </div>
    </Dialog>
  );
}

function useWays(): Ways | null {
  const [ways, setWays] = useState<Ways | null>(null);
  const here = useConnection() === 'here';
  useEffect(() => {
    if (here) void readWays().then(setWays, () => undefined);
  }, [here]);
  return ways;
}

function StaffSignIn(props: {
  ways: Ways | null;
  username?: string;
  /** Whom an application thinks to be here. */
  hint?: string;
  onEntered: (answer: Entered) => void | Promise<void>;
}) {
  const form = useForm<Account, Entered>({
    draft: null,
    initial: { username: props.username ?? props.hint ?? '', password: '' },
    check: (account) => ({
      ...(account.username.trim() === '' && { username: t('shell.no-username', 'Ghi tên đăng nhập.') }),
      ...(account.password === '' && { password: t('shell.no-password', 'Ghi mật khẩu.') }),
    }),
    send: async ({ username, password }) => {
      const answer = await enter('sign-in', { username: username.trim(), password });
      await props.onEntered(answer);
      return answer;
    },
  });
  return (
    <Stack>
      <AccountForm form={form} />
      {props.ways?.passkey && passkeysWork() && <PasskeyButton onEntered={props.onEntered} />}
      {props.username === undefined && <ExternalProviders who="staff" />}
    </Stack>
  );
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
        autoComplete="username webauthn"
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
