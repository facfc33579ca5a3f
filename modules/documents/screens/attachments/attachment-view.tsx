/** One attached file: its picture, what it is, and what can be done with it. */
import { useState } from 'react';
import {
  api,
  Button,
  Dialog,
  FileLink,
  Form,
  formatDateTime,
  hasRole,
  Notice,
  Panel,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useMe,
  useMutation,
} from '../../../../web/ui/index.ts';
import type { AttachmentRow } from '../../attachments/attachment.ts';
import { KindAndNameFields, missingIn } from './kind-and-name.tsx';
import { turned } from './prepare.ts';

type Opened = 'sort' | 'remove' | null;

export function AttachmentView({ row, patient }: { row: AttachmentRow; patient: string }) {
  const [opened, setOpened] = useState<Opened>(null);
  const path = `/api/documents/attachments/${encodeURIComponent(row.id)}`;
  const file = `${path}/file?version=${row.version}`;
  const mayRemove = hasRole(useMe(), ['doctor', 'station-head']);
  const isPicture = row.contentType.startsWith('image/');
  const turn = useMutation(
    async () =>
      api.put(path, { kind: row.kind, title: row.title, version: row.version, ...(await turned(file)) }),
    { refreshes: [['attachments', patient]] },
  );
  return (
    <Panel title={row.title} fill>
      <section aria-label={row.title} tabIndex={0} style={{ overflow: 'auto', flex: 1, minHeight: 0 }}>
        <Stack gap={12}>
          {row.removed ? (
            <Notice tone="danger" title={t('documents.removed', 'Đã bỏ')}>
              {`${row.removed.reason} · ${row.removed.by}, ${formatDateTime(row.removed.at)}`}
            </Notice>
          ) : (
            <Row wrap>
              <FileLink href={file}>{t('documents.file.open', 'Mở tệp')}</FileLink>
              {isPicture && row.kind !== null && (
                <Button busy={turn.busy} onPress={() => void turn.run(undefined).catch(() => undefined)}>
                  {t('documents.turn', 'Xoay phải')}
                </Button>
              )}
              <Button onPress={() => setOpened('sort')}>{t('documents.sort', 'Sửa tên, loại')}</Button>
              {mayRemove && (
                <Button kind="danger" onPress={() => setOpened('remove')}>
                  {t('documents.remove', 'Bỏ tệp')}
                </Button>
              )}
            </Row>
          )}
          {turn.error && <Notice tone="danger">{turn.error.message}</Notice>}
          <Text tone="soft">
            {`${row.kindName || t('documents.kind.none', 'Chưa phân loại')} · ${formatDateTime(row.at)} · ${row.author}`}
          </Text>
          {isPicture && !row.removed && (
            <img
              src={file}
              alt={t('documents.file.picture', 'Ảnh “{title}”', { title: row.title })}
              style={{
                alignSelf: 'start',
                maxWidth: '100%',
                maxHeight: '70vh',
                border: '1px solid var(--yb-line)',
                borderRadius: 6,
              }}
            />
          )}
        </Stack>
      </section>
      {opened === 'sort' && <Sort row={row} patient={patient} path={path} onClose={() => setOpened(null)} />}
      {opened === 'remove' && (
        <Remove row={row} patient={patient} path={path} onClose={() => setOpened(null)} />
      )}
    </Panel>
  );
}

interface Acted {
  row: AttachmentRow;
  patient: string;
  path: string;
  onClose: () => void;
}

function Sort({ row, patient, path, onClose }: Acted) {
  const form = useForm({
    draft: null,
    initial: { kind: row.kind ?? '', title: row.title },
    check: missingIn,
    send: (values) => api.put(path, { ...values, version: row.version }),
    onDone: () => {
      refresh(['attachments', patient]);
      toast({ text: t('documents.sorted', 'Đã sửa.') });
      onClose();
    },
  });
  const label = t('documents.sort', 'Sửa tên, loại');
  return (
    <Dialog title={label} opened onClose={onClose}>
      <Form form={form} label={label} finish={t('documents.save', 'Lưu')}>
        <Stack gap={12}>
          <KindAndNameFields form={form} />
          {form.conflict !== undefined && <ChangedMeanwhile />}
          <Row>
            <Button kind="primary" submit busy={form.busy}>
              {t('documents.save', 'Lưu')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Dialog>
  );
}

function Remove({ row, patient, path, onClose }: Acted) {
  const form = useForm({
    draft: null,
    initial: { reason: '' },
    check: ({ reason }) =>
      reason.trim().length < 5 ? { reason: t('documents.remove.why', 'Ghi lý do bỏ, từ 5 ký tự.') } : {},
    send: (values) => api.post(`${path}/remove`, values),
    onDone: () => {
      refresh(['attachments', patient]);
      toast({ text: t('documents.remove.done', 'Đã bỏ tệp; lý do còn trong hồ sơ.') });
      onClose();
    },
  });
  const label = t('documents.remove', 'Bỏ tệp');
  return (
    <Dialog
      title={t('documents.remove.title', 'Bỏ “{title}”', { title: row.title })}
      opened
      onClose={onClose}
    >
      <Form form={form} label={label} finish={label}>
        <Stack gap={12}>
          <Text>
            {t(
              'documents.remove.what',
              'Tệp vẫn còn trong danh sách với dấu “Đã bỏ” và lý do, không xem được nữa.',
            )}
          </Text>
          <TextField
            label={t('documents.reason', 'Lý do')}
            required
            lines={3}
            maxLength={500}
            {...form.field('reason')}
          />
          {form.conflict !== undefined && <ChangedMeanwhile />}
          <Row>
            <Button kind="danger" submit busy={form.busy}>
              {label}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Dialog>
  );
}

function ChangedMeanwhile() {
  return (
    <Notice tone="danger">
      {t('documents.changed', 'Tài liệu vừa được người khác sửa. Chưa lưu gì; hãy đóng hộp này và mở lại.')}
    </Notice>
  );
}
