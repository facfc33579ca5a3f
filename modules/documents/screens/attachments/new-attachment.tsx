/** A file is chosen or photographed, looked at and turned, said what it is, and kept. */
import { useEffect, useRef, useState } from 'react';
import {
  api,
  Button,
  Dialog,
  Form,
  isPicture,
  Row,
  refresh,
  Stack,
  Text,
  t,
  toast,
  useForm,
} from '../../../../web/ui/index.ts';
import { KindAndNameFields, missingIn } from './kind-and-name.tsx';
import { prepared } from './prepare.ts';

const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf';

export function NewAttachment({ patient }: { patient: string }) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <>
      <Picker label={t('documents.file.choose', 'Chọn tệp')} accept={ACCEPTED} onChosen={setFile} />
      <Picker
        label={t('documents.file.camera', 'Chụp ảnh')}
        accept="image/*"
        capture
        primary
        onChosen={setFile}
      />
      {file && <Attach file={file} patient={patient} onClose={() => setFile(null)} />}
    </>
  );
}

/** A button over the browser's own chooser of files; on phones `capture` opens the camera. */
function Picker(props: {
  label: string;
  accept: string;
  capture?: boolean;
  primary?: boolean;
  onChosen: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={props.label}
        accept={props.accept}
        capture={props.capture ? 'environment' : undefined}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) props.onChosen(chosen);
          event.target.value = '';
        }}
      />
      <Button kind={props.primary ? 'primary' : 'normal'} onPress={() => input.current?.click()}>
        {props.label}
      </Button>
    </>
  );
}

function Attach({ file, patient, onClose }: { file: File; patient: string; onClose: () => void }) {
  const [quarters, setQuarters] = useState(0);
  const form = useForm({
    draft: null,
    initial: { kind: '', title: titleOf(file) },
    check: missingIn,
    send: async (values) =>
      api.post(`/api/documents/people/${encodeURIComponent(patient)}/attachments`, {
        ...values,
        ...(await prepared(file, quarters)),
      }),
    onDone: () => {
      refresh(['attachments', patient]);
      toast({ text: t('documents.attached.done', 'Đã đính kèm vào hồ sơ.') });
      onClose();
    },
  });
  return (
    <Dialog title={t('documents.attach', 'Đính kèm tài liệu')} opened onClose={onClose} width={560}>
      <Form
        form={form}
        label={t('documents.attach', 'Đính kèm tài liệu')}
        finish={t('documents.keep', 'Lưu vào hồ sơ')}
      >
        <Stack gap={12}>
          {isPicture(file) ? (
            <Preview file={file} quarters={quarters} onTurn={() => setQuarters((quarters + 1) % 4)} />
          ) : (
            <Text tone="soft">{file.name}</Text>
          )}
          <KindAndNameFields form={form} />
          <Row>
            <Button kind="primary" submit busy={form.busy}>
              {t('documents.keep', 'Lưu vào hồ sơ')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Dialog>
  );
}

/** A photograph's own name says nothing (`IMG_2031.jpg`). */
const titleOf = ({ name, type }: File): string =>
  type.startsWith('image/') ? '' : name.replace(/\.[a-z]{3,4}$/i, '');

function Preview({ file, quarters, onTurn }: { file: File; quarters: number; onTurn: () => void }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    <Stack gap={8}>
      <div style={{ height: 260, display: 'grid', placeItems: 'center', overflow: 'hidden' }}>
        {address && (
          <img
            src={address}
            alt={t('documents.preview', 'Ảnh sẽ lưu')}
            style={{ maxWidth: 250, maxHeight: 250, transform: `rotate(${quarters * 90}deg)` }}
          />
        )}
      </div>
      <Row>
        <Button small onPress={onTurn}>
          {t('documents.turn', 'Xoay phải')}
        </Button>
      </Row>
    </Stack>
  );
}
