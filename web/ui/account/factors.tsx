/** Adding what a person proves themselves by: a code generator, a passkey; and the codes for the day they are lost. */
import { useEffect, useState } from 'react';
import { api } from '../data/api.ts';
import { ApiFailure } from '../data/failure.ts';
import { makePasskey } from '../data/passkey.ts';
import { Notice } from '../feedback/notice.tsx';
import { Skeleton } from '../feedback/state.tsx';
import { Button } from '../form/button.tsx';
import { CheckBox } from '../form/check-list.tsx';
import { Form } from '../form/form.tsx';
import { TextField } from '../form/text-field.tsx';
import { useForm } from '../form/use-form.ts';
import { t } from '../i18n/language.ts';
import { Stack } from '../layout/layout.tsx';
import { Heading, Text } from '../layout/text.tsx';
import './account.css';

/** Answer of the server when a factor was added: recovery codes with the first one. */
export interface Added {
  recoveryCodes?: string[];
}

interface Secret {
  secret: string;
  qr: string;
}

/** Shows the secret as a QR code and asks for the first code of it. */
export function AddGenerator(props: { onAdded: (answer: Added) => void | Promise<void> }) {
  const [secret, setSecret] = useState<Secret | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    api.post<Secret>('/api/access/totp', {}).then(setSecret, (error: Error) => setFailure(error.message));
  }, []);
  const form = useForm({
    draft: null,
    initial: { code: '' },
    check: ({ code }) =>
      code.replace(/\D/g, '').length === 6 ? {} : { code: t('code.six', 'Mã gồm 6 chữ số.') },
    send: async ({ code }) =>
      props.onAdded(await api.post<Added>('/api/access/totp/confirm', { code }, { impatient: true })),
  });
  if (failure) return <Notice tone="danger" title={failure} />;
  if (!secret) return <Skeleton lines={6} />;
  return (
    <Form
      form={form}
      label={t('factor.generator', 'Ứng dụng tạo mã')}
      finish={t('factor.confirm', 'Xác nhận')}
    >
      <Text as="p">
        {t(
          'factor.scan',
          'Mở ứng dụng tạo mã trên điện thoại (loại nào cũng được), quét hình này, rồi ghi mã 6 chữ số mà ứng dụng hiện ra.',
        )}
      </Text>
      <img
        className="yb-qr"
        src={secret.qr}
        width={180}
        height={180}
        alt={t('factor.qr', 'Mã QR của khóa bí mật')}
      />
      <Text size={13} tone="soft" as="p">
        {t('factor.by-hand', 'Không quét được? Ghi tay khóa này:')}{' '}
        <code className="yb-secret">{secret.secret.match(/.{4}/g)?.join(' ')}</code>
      </Text>
      <TextField
        label={t('factor.first-code', 'Mã 6 chữ số')}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        autoFocus
        onEnter={() => void form.submit()}
        {...form.field('code')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('factor.confirm', 'Xác nhận')}
      </Button>
    </Form>
  );
}

/** Names a passkey and has the device make it. */
export function AddPasskey(props: {
  deviceBound: boolean;
  onAdded: (answer: Added) => void | Promise<void>;
}) {
  const form = useForm({
    draft: null,
    initial: { name: '' },
    check: ({ name }) =>
      name.trim() === '' ? { name: t('factor.no-name', 'Đặt tên để sau này nhận ra khóa.') } : {},
    send: async ({ name }) => {
      const answer = await makePasskey();
      await props.onAdded(await api.post<Added>('/api/access/passkeys', { name: name.trim(), answer }));
    },
  });
  return (
    <Form form={form} label={t('factor.passkey', 'Khóa truy cập')} finish={t('factor.make', 'Tạo khóa')}>
      <Text as="p">
        {props.deviceBound
          ? t(
              'factor.bound',
              'Vai trò của bạn cần khóa nằm trong một thiết bị: khóa bảo mật cắm vào máy, hoặc chip của máy này.',
            )
          : t(
              'factor.any',
              'Máy sẽ hỏi vân tay, khuôn mặt hoặc mã mở máy. Không ai biết được điều đó, kể cả máy chủ.',
            )}
      </Text>
      <TextField
        label={t('factor.name', 'Tên khóa')}
        placeholder={t('factor.name-example', 'Máy phòng khám, khóa bạc …')}
        maxLength={60}
        autoFocus
        onEnter={() => void form.submit()}
        {...form.field('name')}
      />
      <Button kind="primary" submit wide busy={form.busy}>
        {t('factor.make', 'Tạo khóa')}
      </Button>
    </Form>
  );
}

/** Shown this once. */
export function RecoveryCodes(props: { codes: readonly string[]; onKept: () => void }) {
  const [kept, setKept] = useState(false);
  return (
    <Stack>
      <Heading level={2}>{t('recovery.title', 'Mã dự phòng')}</Heading>
      <Text as="p">
        {t(
          'recovery.what',
          'Mỗi mã dùng một lần, khi mất điện thoại hoặc khóa. In hoặc chép ra giấy, cất nơi an toàn: mã chỉ hiện lần này.',
        )}
      </Text>
      <ul className="yb-codes">
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CheckBox label={t('recovery.kept', 'Tôi đã chép lại các mã này')} checked={kept} onChange={setKept} />
      <Button kind="primary" wide disabled={!kept} onPress={props.onKept}>
        {t('recovery.go-on', 'Làm tiếp')}
      </Button>
    </Stack>
  );
}

/** The sentence of a failure, whatever it was. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiFailure ? error.message : String(error);
}
