/** Asks again who is there, over the screen, when an act needs it (step-up); the act then goes on by itself. */
import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../ui/account/factors.tsx';
import { api } from '../ui/data/api.ts';
import { answerByPasskey, passkeysWork } from '../ui/data/passkey.ts';
import { endProof, useProofAsked } from '../ui/data/proof.ts';
import { Dialog } from '../ui/feedback/dialog.tsx';
import { Notice } from '../ui/feedback/notice.tsx';
import { Button } from '../ui/form/button.tsx';
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
      <Asked />
    </Dialog>
  );
}

function Asked() {
  const [ways, setWays] = useState<Ways | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    api.get<Ways>('/api/access/proof').then(setWays, (error) => setFailure(sentenceOf(error)));
  }, []);
  const byPasskey = () =>
    answerByPasskey('proof')
      .then((passkey) => api.post('/api/access/proof', { passkey }, { impatient: true }))
      .then(() => endProof(true))
      .catch((error) => setFailure(sentenceOf(error)));
  return (
    <>
      {failure && (
        <div role="alert">
          <Notice tone="danger" title={failure} />
        </div>
      )}
      {ways && (ways.totp || ways.password) && <ProofForm by={ways.totp ? 'code' : 'password'} />}
      {ways?.passkey && passkeysWork() && (
        <Button wide icon={<IconKey size={18} aria-hidden />} onPress={() => void byPasskey()}>
          {t('passkey.use', 'Dùng khóa truy cập')}
        </Button>
      )}
    </>
  );
}

function ProofForm({ by }: { by: 'code' | 'password' }) {
  // The dialog stood before it was known what to ask for.
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const form = useForm({
    draft: null,
    initial: { [by]: '' } as Record<'code' | 'password', string>,
    check: (values) => (values[by] === '' ? { [by]: t('proof.missing', 'Ghi vào đây.') } : {}),
    send: (values) => api.post('/api/access/proof', { [by]: values[by] }, { impatient: true }),
    onDone: () => endProof(true),
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
