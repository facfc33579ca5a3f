import { useState } from 'react';
import { AddGenerator, AddPasskey, RecoveryCodes } from '../ui/account/factors.tsx';
import { answerByPasskey, pageOfPasskeys, passkeysWork } from '../ui/data/passkey.ts';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button } from '../ui/form/button.tsx';
import { Form } from '../ui/form/form.tsx';
import { TextField } from '../ui/form/text-field.tsx';
import { useForm } from '../ui/form/use-form.ts';
import { t } from '../ui/i18n/language.ts';
import { IconKey } from '../ui/icons.ts';
import { Stack } from '../ui/layout/layout.tsx';
import { Heading, Text } from '../ui/layout/text.tsx';
import { comeIn, type Entered, enter, isMissing, type Missing, signOut } from './session-calls.ts';

interface Step {
  missing: Missing;
  onEntered: (answer: Entered) => Promise<void>;
}

/** What is missing between the password and work, one step a screen. */
export function SignInSteps(props: {
  missing: Missing;
  onMissing: (missing: Missing) => void;
  onGiveUp: () => void;
}) {
  const { missing } = props;
  const [codes, setCodes] = useState<{ list: string[]; next: Missing | null } | null>(null);
  const onEntered = async (answer: Entered) => {
    const next = isMissing(answer) ? answer : null;
    if (answer.recoveryCodes) setCodes({ list: answer.recoveryCodes, next });
    else if (next) props.onMissing(next);
    else await comeIn();
  };
  if (codes) {
    const goOn = () => (codes.next ? props.onMissing(codes.next) : void comeIn());
    return <RecoveryCodes codes={codes.list} onKept={goOn} />;
  }
  return (
    <Stack>
      {missing.next === 'second-factor' && <SecondFactor missing={missing} onEntered={onEntered} />}
      {missing.next === 'new-password' && <NewPassword missing={missing} onEntered={onEntered} />}
      {missing.next === 'enrol' && <Enrol missing={missing} onEntered={onEntered} />}
      <Button
        kind="quiet"
        wide
        onPress={() => {
          props.onGiveUp();
          void signOut();
        }}
      >
        {t('steps.give-up', 'Bỏ, đăng nhập bằng tên khác')}
      </Button>
    </Stack>
  );
}

function SecondFactor({ missing, onEntered }: Step) {
  const { factors } = missing;
  const [recovery, setRecovery] = useState(!factors.totp && factors.recoveryCode && !factors.passkey);
  const [failure, setFailure] = useState<string | null>(null);
  const typed = factors.totp || recovery;
  const byPasskey = async () => {
    setFailure(null);
    await answerByPasskey('sign-in')
      .then((answer) => enter('sign-in/passkey', { answer }))
      .then(onEntered)
      .catch((error: Error) => setFailure(error.message));
  };
  return (
    <Stack>
      <Heading level={2}>{t('steps.second', 'Bước 2: xác thực')}</Heading>
      {typed && <CodeForm key={String(recovery)} recovery={recovery} onEntered={onEntered} />}
      {factors.passkey && passkeysWork() && (
        <Button
          kind={typed ? 'normal' : 'primary'}
          wide
          icon={<IconKey size={18} aria-hidden />}
          onPress={() => void byPasskey()}
        >
          {t('passkey.use', 'Dùng khóa truy cập')}
        </Button>
      )}
      {factors.passkey && !passkeysWork() && <NoPasskeyHere />}
      {failure && (
        <div role="alert">
          <Notice tone="danger" title={failure} />
        </div>
      )}
      {factors.recoveryCode && (
        <Button kind="quiet" wide onPress={() => setRecovery(!recovery)}>
          {recovery
            ? t('steps.use-first', 'Dùng cách thường ngày')
            : t('steps.use-recovery', 'Mất điện thoại? Dùng mã dự phòng')}
        </Button>
      )}
    </Stack>
  );
}

/** The account has a passkey and this page cannot ask for it: an address without a name, or an old browser. */
function NoPasskeyHere() {
  const page = pageOfPasskeys();
  return (
    <Notice tone="look" title={t('steps.no-passkey-here', 'Khóa truy cập không dùng được ở địa chỉ này')}>
      {page ? (
        <a href={page}>{t('steps.passkey-there', 'Mở {page} rồi đăng nhập lại', { page })}</a>
      ) : (
        t('steps.passkey-elsewhere', 'Hãy mở trang bằng tên miền của tỉnh, hoặc dùng cách khác bên dưới.')
      )}
    </Notice>
  );
}

function CodeForm(props: { recovery: boolean; onEntered: Step['onEntered'] }) {
  const { recovery } = props;
  const form = useForm({
    draft: null,
    initial: { code: '' },
    check: ({ code }) => (code.trim() === '' ? { code: t('steps.no-code', 'Ghi mã.') } : {}),
    send: async ({ code }) => props.onEntered(await enter('sign-in/code', { code: code.trim() })),
  });
  return (
    <Form form={form} label={t('steps.second', 'Bước 2: xác thực')} finish={t('steps.confirm', 'Xác nhận')}>
      <TextField
        label={
          recovery
            ? t('steps.recovery-code', 'Mã dự phòng')
            : t('steps.code', 'Mã 6 chữ số trong ứng dụng tạo mã')
        }
        inputMode={recovery ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        autoFocus
        maxLength={recovery ? 30 : 7}
        onEnter={() => void form.submit()}
        {...form.field('code')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('steps.confirm', 'Xác nhận')}
      </Button>
    </Form>
  );
}

function NewPassword({ missing, onEntered }: Step) {
  const why = {
    'handed-over': t(
      'steps.handed-over',
      'Đây là lần đăng nhập đầu bằng mật khẩu được trao. Hãy đặt mật khẩu của riêng mình.',
    ),
    'too-old': t('steps.too-old', 'Mật khẩu quản trị đã quá hạn. Hãy đặt mật khẩu mới.'),
    'too-short': t('steps.too-short', 'Tài khoản không còn yếu tố thứ hai nên cần mật khẩu dài hơn.'),
  };
  const form = useForm({
    draft: null,
    initial: { password: '', again: '' },
    check: ({ password, again }) => ({
      ...(password === '' && { password: t('shell.no-password', 'Ghi mật khẩu.') }),
      ...(password !== again && { again: t('steps.not-same', 'Hai lần ghi chưa giống nhau.') }),
    }),
    send: async ({ password }) => onEntered(await enter('sign-in/password', { password })),
  });
  return (
    <Stack>
      <Heading level={2}>{t('steps.new-password', 'Đặt mật khẩu mới')}</Heading>
      {missing.password && <Text as="p">{why[missing.password]}</Text>}
      <Form form={form} label={t('steps.new-password', 'Đặt mật khẩu mới')} finish={t('steps.save', 'Lưu')}>
        <TextField
          label={t('steps.password', 'Mật khẩu mới')}
          hint={t(
            'steps.password-hint',
            'Ghép vài từ không liên quan, có chữ hoa, chữ số và dấu; không dùng tên, năm sinh.',
          )}
          type="password"
          autoComplete="new-password"
          autoFocus
          {...form.field('password')}
        />
        <TextField
          label={t('steps.again', 'Ghi lại một lần')}
          type="password"
          autoComplete="new-password"
          onEnter={() => void form.submit()}
          {...form.field('again')}
        />
        <Button kind="primary" submit wide busy={form.busy}>
          {t('steps.save', 'Lưu')}
        </Button>
      </Form>
    </Stack>
  );
}

function Enrol({ missing, onEntered }: Step) {
  const [way, setWay] = useState<'choose' | 'generator' | 'passkey'>('choose');
  return (
    <Stack>
      <Heading level={2}>{t('steps.enrol', 'Thêm yếu tố thứ hai')}</Heading>
      {way === 'choose' && (
        <>
          <Text as="p">
            {t(
              'steps.enrol-what',
              'Tài khoản của {name} bắt buộc có yếu tố thứ hai ngoài mật khẩu. Chọn một cách; sau này thêm được cách khác.',
              { name: missing.name },
            )}
          </Text>
          {passkeysWork() && (
            <Button
              kind="primary"
              wide
              icon={<IconKey size={18} aria-hidden />}
              onPress={() => setWay('passkey')}
            >
              {t('steps.by-passkey', 'Khóa truy cập (vân tay, mã máy, khóa bảo mật)')}
            </Button>
          )}
          <Button kind={passkeysWork() ? 'normal' : 'primary'} wide onPress={() => setWay('generator')}>
            {t('steps.by-generator', 'Ứng dụng tạo mã trên điện thoại')}
          </Button>
        </>
      )}
      {way === 'generator' && <AddGenerator onAdded={(answer) => onEntered(answer as Entered)} />}
      {way === 'passkey' && (
        <AddPasskey deviceBound={missing.deviceBound} onAdded={(answer) => onEntered(answer as Entered)} />
      )}
      {way !== 'choose' && (
        <Button kind="quiet" wide onPress={() => setWay('choose')}>
          {t('steps.other-way', 'Chọn cách khác')}
        </Button>
      )}
    </Stack>
  );
}
