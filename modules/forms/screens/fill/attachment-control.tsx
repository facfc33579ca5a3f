/** Files and photographs: chosen, or taken with the camera, made smaller in the browser and kept beside the record. */
import { useId, useRef, useState } from 'react';
import type { Attachment } from '../../../../kernel/fhir/types.ts';
import { ApiFailure, api, Button, FileLink, Row, Stack, Text, t } from '../../../../web/ui/index.ts';
import { useScope } from './form-scope.ts';
import { readFile, turned } from './picture.ts';
import type { ControlProps } from './question.tsx';

export function AttachmentControl(props: ControlProps) {
  const { state, face, error, hint } = props;
  const { patient } = useScope();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState('');
  const file = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const id = useId();
  const files = state.values as readonly Attachment[];
  const types = face.mimeTypes.join(',');
  const maySee = types === '' || face.mimeTypes.some((type) => type.startsWith('image/'));
  const send = async (read: () => Promise<object>, place: (kept: Attachment) => Attachment[]) => {
    setBusy(true);
    setFailed('');
    try {
      const kept = await api.post<Attachment>('/api/forms/attachments', { patient, ...(await read()) });
      props.onChange(place(kept));
    } catch (reason) {
      setFailed(reason instanceof ApiFailure || reason instanceof Error ? reason.message : String(reason));
    } finally {
      setBusy(false);
    }
  };
  const take = async (list: FileList | null) => {
    const [chosen] = list ?? [];
    if (chosen)
      await send(
        () => readFile(chosen, face.maxSize),
        (kept) => (face.repeats ? [...files, kept] : [kept]),
      );
  };
  const turn = (at: number, id: string) =>
    send(
      async () => ({ ...(await turned(fileAddress(files[at]!)!, files[at]!.title ?? '')), replaces: id }),
      (kept) => files.map((one, index) => (index === at ? kept : one)),
    );
  const wrong = failed || error;
  return (
    <fieldset className="yb-checks" aria-describedby={wrong ? id : undefined}>
      <legend className={props.bare ? 'yb-hidden' : 'yb-label'}>
        {props.label}
        {state.required && (
          <span className="yb-required" aria-hidden>
            {' *'}
          </span>
        )}
      </legend>
      <Stack gap={8}>
        {files.map((one, at) => (
          <Row key={one.url ?? at} gap={8} wrap>
            <Kept file={one} />
            {!props.readOnly && <Turn file={one} busy={busy} onTurn={(id) => void turn(at, id)} />}
            {!props.readOnly && (
              <Button
                kind="quiet"
                small
                label={t('forms.remove-file', 'Bỏ tệp {name}', { name: one.title ?? '' })}
                onPress={() => props.onChange(files.filter((_, index) => index !== at))}
              >
                {t('forms.remove', 'Bỏ')}
              </Button>
            )}
          </Row>
        ))}
        {!props.readOnly && (
          <Row gap={8} wrap>
            <Picker
              input={file}
              label={t('forms.choose-file', 'Chọn tệp')}
              accept={types}
              onChosen={take}
              busy={busy}
            />
            {maySee && (
              <Picker
                input={camera}
                label={t('forms.camera', 'Chụp ảnh')}
                accept="image/*"
                capture
                onChosen={take}
                busy={busy}
              />
            )}
          </Row>
        )}
        {hint && (
          <Text size={13} tone="soft">
            {hint}
          </Text>
        )}
        {wrong && (
          <span className="yb-error" id={id} role="alert">
            {wrong}
          </span>
        )}
      </Stack>
    </fieldset>
  );
}

/** Photographs that are kept beside the record can be turned; each turn replaces the one before. */
function Turn({ file, busy, onTurn }: { file: Attachment; busy: boolean; onTurn: (id: string) => void }) {
  const [, id] = KEPT.exec(file.url ?? '') ?? [];
  if (id === undefined || !/^image\/(jpeg|png|webp|bmp)$/.test(file.contentType ?? '')) return null;
  return (
    <Button
      kind="quiet"
      small
      busy={busy}
      label={t('forms.turn.file', 'Xoay ảnh {name}', { name: file.title ?? '' })}
      onPress={() => onTurn(id)}
    >
      {t('forms.turn', 'Xoay')}
    </Button>
  );
}

/** A button over the browser's own chooser of files; on phones `capture` opens the camera. */
function Picker(props: {
  input: React.RefObject<HTMLInputElement | null>;
  label: string;
  accept: string;
  capture?: boolean;
  busy: boolean;
  onChosen: (files: FileList | null) => void;
}) {
  return (
    <>
      <input
        ref={props.input}
        type="file"
        hidden
        accept={props.accept || undefined}
        capture={props.capture ? 'environment' : undefined}
        onChange={(event) => {
          void props.onChosen(event.target.files);
          event.target.value = '';
        }}
      />
      <Button small busy={props.busy} onPress={() => props.input.current?.click()}>
        {props.label}
      </Button>
    </>
  );
}

function Kept({ file }: { file: Attachment }) {
  const href = fileAddress(file);
  return (
    <>
      {href && file.contentType?.startsWith('image/') && (
        <img className="fm-picture" src={href} alt={file.title ?? t('forms.picture', 'Ảnh đính kèm')} />
      )}
      {href ? (
        <FileLink kind="quiet" small href={href} save={false}>
          {file.title ?? t('forms.file', 'Tệp đính kèm')}
        </FileLink>
      ) : (
        <Text>{file.title ?? t('forms.file', 'Tệp đính kèm')}</Text>
      )}
    </>
  );
}

const KEPT = /^DocumentReference\/([A-Za-z0-9\-.]{1,64})$/;

/** Where the bytes of an attachment are read from; null when it has none here. */
export function fileAddress({ url, data, contentType }: Attachment): string | null {
  const kept = KEPT.exec(url ?? '');
  if (kept) return `/api/forms/attachments/${kept[1]}`;
  return data ? `data:${contentType};base64,${data}` : null;
}
