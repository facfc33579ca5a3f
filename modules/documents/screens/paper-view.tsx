/** One paper: its picture, page by page, and what can be done with it. */
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
  openWindow,
  Panel,
  Row,
  refresh,
  Stack,
  showPdf,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useMe,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { PaperRow } from '../issued.ts';

export function PaperView({ row, patient }: { row: PaperRow; patient: string }) {
  const [cancelling, setCancelling] = useState(false);
  const path = `/api/documents/issued/${encodeURIComponent(row.id)}`;
  const mayCancel = hasRole(useMe(), ['doctor', 'station-head']);
  const copy = useMutation(async () => {
    const opened = openWindow();
    try {
      const made = await api.post<{ copy: number; data: string }>(`${path}/copies`);
      showPdf(opened, made.data);
      toast({ text: t('documents.copied', 'Đã in bản sao lần {n}.', { n: String(made.copy) }) });
    } catch (error) {
      opened?.close();
      throw error;
    }
  });
  return (
    <Panel title={[row.title, row.number].filter(Boolean).join(' · ')} fill>
      <section aria-label={row.title} tabIndex={0} style={{ overflow: 'auto', flex: 1, minHeight: 0 }}>
        <Stack gap={12}>
          <Row wrap>
            <FileLink href={`${path}/paper.pdf`}>{t('documents.open', 'Mở bản gốc')}</FileLink>
            {row.state === 'current' && (
              <Button busy={copy.busy} onPress={() => copy.run(undefined)}>
                {t('documents.copy', 'In bản sao')}
              </Button>
            )}
            {row.state === 'current' && mayCancel && (
              <Button kind="danger" onPress={() => setCancelling(true)}>
                {t('documents.cancel', 'Huỷ giấy')}
              </Button>
            )}
          </Row>
          <Standing row={row} />
          <Picture path={path} title={row.title} version={row.version} />
        </Stack>
      </section>
      {cancelling && <Cancel row={row} patient={patient} path={path} onClose={() => setCancelling(false)} />}
    </Panel>
  );
}

function Standing({ row }: { row: PaperRow }) {
  if (row.cancelled)
    return (
      <Notice tone="danger" title={t('documents.state.cancelled', 'Đã huỷ')}>
        {`${row.cancelled.reason} · ${row.cancelled.by}, ${formatDateTime(row.cancelled.at)}`}
      </Notice>
    );
  if (row.state === 'superseded')
    return (
      <Notice tone="look">
        {t('documents.replaced', 'Đã được thay bằng giấy số {number}.', {
          number: row.replacedBy?.number || '…',
        })}
      </Notice>
    );
  return null;
}

function Picture({ path, title, version }: { path: string; title: string; version: number }) {
  const [page, setPage] = useState(1);
  const pages = useQuery<{ pages: number }>(['paper-pages', path, String(version)], `${path}/pages`);
  const count = pages.data?.pages ?? 1;
  return (
    <Stack gap={8}>
      {count > 1 && (
        <Row>
          <Button kind="quiet" disabled={page === 1} onPress={() => setPage(page - 1)}>
            {t('documents.page.before', 'Trang trước')}
          </Button>
          <Text tone="soft">
            {t('documents.page', 'Trang {page}/{count}', { page: String(page), count: String(count) })}
          </Text>
          <Button kind="quiet" disabled={page === count} onPress={() => setPage(page + 1)}>
            {t('documents.page.next', 'Trang sau')}
          </Button>
        </Row>
      )}
      <img
        key={version}
        src={`${path}/picture.svg?page=${page}`}
        alt={t('documents.picture', 'Hình của giấy “{title}”, trang {page}', { title, page: String(page) })}
        style={{ width: '100%', background: 'white', border: '1px solid var(--yb-line)' }}
      />
    </Stack>
  );
}

function Cancel(props: { row: PaperRow; patient: string; path: string; onClose: () => void }) {
  const form = useForm({
    draft: null,
    initial: { reason: '' },
    check: ({ reason }) =>
      reason.trim().length < 5 ? { reason: t('documents.cancel.why', 'Ghi lý do huỷ, từ 5 ký tự.') } : {},
    send: (values) => api.post(`${props.path}/cancel`, values),
    onDone: () => {
      refresh(['papers', props.patient]);
      toast({ text: t('documents.cancelled', 'Đã huỷ giấy {number}.', { number: props.row.number }) });
      props.onClose();
    },
  });
  return (
    <Dialog
      title={t('documents.cancel.title', 'Huỷ “{title}”', { title: props.row.title })}
      opened
      onClose={props.onClose}
    >
      <Form form={form} label={t('documents.cancel', 'Huỷ giấy')} finish={t('documents.cancel', 'Huỷ giấy')}>
        <Stack gap={12}>
          <Text>
            {t(
              'documents.cancel.what',
              'Giấy vẫn còn trong danh sách, mang dấu “ĐÃ HUỶ” và lý do; số của giấy không dùng lại.',
            )}
          </Text>
          <TextField
            label={t('documents.reason', 'Lý do')}
            required
            lines={3}
            maxLength={500}
            {...form.field('reason')}
          />
          <Row>
            <Button kind="danger" submit busy={form.busy}>
              {t('documents.cancel', 'Huỷ giấy')}
            </Button>
          </Row>
        </Stack>
      </Form>
    </Dialog>
  );
}
