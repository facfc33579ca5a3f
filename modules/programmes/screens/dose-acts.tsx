/** What is done with a dose that was given: a reaction, its certificate, or that it was written by mistake. */
import {
  api,
  Button,
  Dialog,
  Form,
  Notice,
  openWindow,
  Row,
  refresh,
  Stack,
  showPdf,
  Text,
  TextField,
  t,
  toast,
  useForm,
  useMutation,
} from '../../../web/ui/index.ts';

const CERTIFICATE = 'vaccine-dose-certificate';

export function DoseActs({
  dose,
  onReaction,
  onMistaken,
}: {
  dose: string;
  onReaction: (dose: string) => void;
  onMistaken: (dose: string) => void;
}) {
  const certify = useMutation(async () => {
    const opened = openWindow();
    try {
      const { row, data } = await api.post<{ row: { number: string } | null; data: string }>(
        `/api/documents/papers/${CERTIFICATE}`,
        { subject: `Immunization/${dose}` },
      );
      showPdf(opened, data);
      toast(t('programmes.certificate.made', 'Giấy chứng nhận số {number}', { number: row?.number ?? '' }));
    } catch (error) {
      opened?.close();
      throw error;
    }
  });
  return (
    <>
      <Row gap={4} wrap>
        <Button kind="quiet" small onPress={() => onReaction(dose)}>
          {t('programmes.reaction.act', 'Phản ứng')}
        </Button>
        <Button
          kind="quiet"
          small
          busy={certify.busy}
          onPress={() => void certify.run(undefined).catch(() => undefined)}
        >
          {t('programmes.certificate', 'Giấy chứng nhận')}
        </Button>
        <Button kind="quiet" small onPress={() => onMistaken(dose)}>
          {t('programmes.mistaken', 'Ghi nhầm')}
        </Button>
      </Row>
      {certify.error && <Notice tone="look" title={certify.error.message} />}
    </>
  );
}

export function MistakenDialog({ dose, onClose }: { dose: string | null; onClose: () => void }) {
  return (
    <Dialog
      title={t('programmes.mistaken.title', 'Huỷ mũi ghi nhầm')}
      opened={dose !== null}
      onClose={onClose}
      width={520}
    >
      {dose && <MistakenForm dose={dose} onClose={onClose} />}
    </Dialog>
  );
}

const SHORTEST_REASON = 5;

function MistakenForm({ dose, onClose }: { dose: string; onClose: () => void }) {
  const form = useForm<{ reason: string }, unknown>({
    draft: null,
    initial: { reason: '' },
    check: ({ reason }) => ({
      ...(reason.trim().length >= SHORTEST_REASON
        ? {}
        : { reason: t('programmes.mistaken.reason-missing', 'Ghi lý do, ít nhất 5 ký tự.') }),
    }),
    send: (values) => api.post(`/api/programmes/doses/${encodeURIComponent(dose)}/mistaken`, values),
    onDone: () => {
      toast(t('programmes.mistaken.done', 'Đã huỷ mũi ghi nhầm'));
      void refresh(['programmes']);
      onClose();
    },
  });
  return (
    <Form
      form={form}
      label={t('programmes.mistaken.title', 'Huỷ mũi ghi nhầm')}
      finish={t('programmes.mistaken.save', 'Huỷ mũi này')}
    >
      <Stack gap={12}>
        <Text>
          {t(
            'programmes.mistaken.what',
            'Chỉ dùng khi mũi này không có thật. Liều trả lại kho, lịch tính lại, giấy chứng nhận đã cấp hết giá trị; hồ sơ vẫn giữ mũi này với lý do.',
          )}
        </Text>
        <TextField
          label={t('programmes.mistaken.reason', 'Lý do')}
          required
          lines={2}
          {...form.field('reason')}
        />
        <Row gap={8}>
          <Button kind="danger" submit busy={form.busy}>
            {t('programmes.mistaken.save', 'Huỷ mũi này')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
