/** Asks again who is there, over the screen, when an act needs it (step-up); the act then goes on by itself. */
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../ui/account/factors.tsx';
import { api } from '../ui/data/api.ts';
import { answerByPasskey, passkeysWork } from '../ui/data/passkey.ts';
import { endProof, useProofAsked } from '../ui/data/proof.ts';
import { Dialog } from '../ui/feedback/dialog.tsx';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button, ButtonLink } from '../ui/form/button.tsx';
import { Form } from '../ui/form/form.tsx';
import { TextField } from '../ui/form/text-field.tsx';
import { useForm } from '../ui/form/use-form.ts';
import { t } from '../ui/i18n/language.ts';
import { IconKey } from '../ui/icons.ts';
import { Text } from '../ui/layout/text.tsx';

interface Ways {
  password: boolean;
  totp: boolean;
  passkey: boolean;
}

export function ProofDialog() {
  const asked = useProofAsked();
  if (!asked) return null;
  return (
    <Dialog
      opened
      onClose={() => endProof(false)}
      title={t('proof.title', 'Xác nhận lại danh tính')}
      width={420}
    >
      <Text as="p">
        {t('proof.what', 'Việc này cần biết chắc vẫn là bạn. Xác nhận xong, việc đang làm được gửi tiếp.')}
      </Text>
      <ProofAsked onProven={() => endProof(true)} />
    </Dialog>
  );
}

/** By the strongest thing that the account has; a password only where there is no other. */
export function ProofAsked({ onProven, second = false }: { onProven: () => void; second?: boolean }) {
  const [ways, setWays] = useState<Ways | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    api.get<Ways>('/api/access/proof').then(setWays, (error) => setFailure(sentenceOf(error)));
  }, []);
  const byPasskey = () =>
    answerByPasskey('proof')
      .then((passkey) => api.post('/api/access/proof', { passkey }, { impatient: true }))
      .then(onProven)
      .catch((error) => setFailure(sentenceOf(error)));
  return (
    <>
      {failure && (
        <div role="alert">
          <Notice tone="danger" title={failure} />
        </div>
      )}
      {ways && second && !ways.totp && !ways.passkey && <NoSecond />}
      {ways && (ways.totp || (ways.password && !second)) && (
        <ProofForm by={ways.totp ? 'code' : 'password'} onProven={onProven} />
      )}
      {ways?.passkey && passkeysWork() && (
        <Button wide icon={<IconKey size={18} aria-hidden />} onPress={() => void byPasskey()}>
          {t('passkey.use', 'Dùng khóa truy cập')}
        </Button>
      )}
    </>
  );
}

function ProofForm({ by, onProven }: { by: 'code' | 'password'; onProven: () => void }) {
  // The dialog stood before it was known what to ask for.
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const form = useForm({
    draft: null,
    initial: { [by]: '' } as Record<'code' | 'password', string>,
    check: (values) => (values[by] === '' ? { [by]: t('proof.missing', 'Ghi vào đây.') } : {}),
    send: (values) => api.post('/api/access/proof', { [by]: values[by] }, { impatient: true }),
    onDone: onProven,
  });
  return (
    <Form
      form={form}
      label={t('proof.title', 'Xác nhận lại danh tính')}
      finish={t('factor.confirm', 'Xác nhận')}
    >
      <TextField
        label={by === 'code' ? t('factor.first-code', 'Mã 6 chữ số') : t('shell.password', 'Mật khẩu')}
        type={by === 'code' ? 'text' : 'password'}
        inputMode={by === 'code' ? 'numeric' : 'text'}
        autoComplete={by === 'code' ? 'one-time-code' : 'current-password'}
        inputRef={box}
        onEnter={() => void form.submit()}
        {...form.field(by)}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('factor.confirm', 'Xác nhận')}
      </Button>
    </Form>
  );
}

/** What is asked for cannot be had yet. */
function NoSecond() {
  return (
    <Notice
      tone="look"
      title={t('proof.no-second', 'Tài khoản chưa có yếu tố thứ hai')}
      acts={<ButtonLink to="/tai-khoan">{t('shell.my-account', 'Tài khoản của tôi')}</ButtonLink>}
    >
      {t(
        'proof.no-second-what',
        'Ứng dụng này cần hai yếu tố. Thêm khóa truy cập hoặc ứng dụng tạo mã rồi mở lại ứng dụng.',
      )}
    </Notice>
  );
}
