/** Ends an answered form that was entered in error: what came of it leaves the record, with the reason. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Button,
  Dialog,
  Notice,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  toast,
} from '../../../web/ui/index.ts';

const LEAST = 10;

export function CancelAnswer({ id, seen }: { id: string; seen: number }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const title = t('forms.cancel', 'Huỷ phiếu ghi nhầm');
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await api.post(`/api/forms/answers/${encodeURIComponent(id)}/cancel`, { reason }, { ifMatch: seen });
      toast(t('forms.cancel-done', 'Đã huỷ phiếu và rút những gì đã trích vào hồ sơ'));
      setOpen(false);
      await refresh(['forms']);
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="quiet" onPress={() => setOpen(true)}>
        {t('forms.cancel-short', 'Huỷ phiếu')}
      </Button>
      {open && (
        <Dialog
          title={title}
          opened
          onClose={() => setOpen(false)}
          acts={
            <Button
              kind="danger"
              busy={busy}
              disabled={reason.trim().length < LEAST}
              onPress={() => void run()}
            >
              {title}
            </Button>
          }
        >
          <Stack gap={12}>
            <Text as="p">
              {t(
                'forms.cancel-what',
                'Phiếu và những gì đã trích từ phiếu vào hồ sơ được đánh dấu ghi nhầm. Các bản đã ghi vẫn xem lại được.',
              )}
            </Text>
            <TextField
              label={t('forms.cancel-reason', 'Lý do huỷ')}
              hint={t('forms.cancel-hint', 'Ít nhất {n} ký tự; người xem hồ sơ đọc được.', { n: LEAST })}
              required
              lines={2}
              value={reason}
              onChange={setReason}
            />
            {failure && <Notice tone="danger" title={failure.message} />}
          </Stack>
        </Dialog>
      )}
    </>
  );
}
