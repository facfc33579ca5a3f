/** What was handed out to a person; what was written wrongly is taken back, with a reason, and lies in the stock again. */
import { useState } from 'react';
import {
  api,
  Button,
  Dialog,
  Form,
  formatDate,
  formatDateTime,
  formatNumber,
  Panel,
  Row,
  refresh,
  Stack,
  Table,
  TextField,
  TwoLines,
  t,
  toast,
  useForm,
} from '../../../web/ui/index.ts';
import type { GivenRead } from '../hand-over.ts';

export function Given({ rows }: { rows: GivenRead[] }) {
  const [voiding, setVoiding] = useState<GivenRead | null>(null);
  if (rows.length === 0) return null;
  return (
    <Panel title={t('medicines.given', 'Đã cấp')} flush>
      <Table
        label={t('medicines.given', 'Đã cấp')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'at',
            title: t('medicines.col.at', 'Lúc'),
            narrow: 6,
            draw: (row) => <TwoLines first={formatDateTime(row.at)} second={row.by} />,
          },
          {
            key: 'name',
            title: t('medicines.col.medicine', 'Thuốc'),
            narrow: 12,
            draw: (row) => <TwoLines first={row.name} second={row.note} />,
          },
          {
            key: 'amount',
            title: t('medicines.col.amount', 'Cấp'),
            align: 'right',
            narrow: 4,
            draw: (row) => `${formatNumber(row.amount)} ${row.unit}`,
          },
          {
            key: 'lot',
            title: t('medicines.col.lot', 'Lô'),
            narrow: 4,
            draw: (row) => (
              <TwoLines first={row.lot || '–'} second={row.expires ? formatDate(row.expires) : ''} />
            ),
          },
          {
            key: 'act',
            title: t('medicines.col.act', 'Việc'),
            narrow: 4,
            draw: (row) =>
              row.isOwn ? (
                <Button small onPress={() => setVoiding(row)}>
                  {t('medicines.void', 'Ghi nhầm')}
                </Button>
              ) : null,
          },
        ]}
      />
      <Dialog
        title={t('medicines.void.of', 'Ghi nhầm: {name}', { name: voiding?.name ?? '' })}
        opened={voiding !== null}
        onClose={() => setVoiding(null)}
      >
        {voiding && <VoidForm row={voiding} onDone={() => setVoiding(null)} />}
      </Dialog>
    </Panel>
  );
}

function VoidForm({ row, onDone }: { row: GivenRead; onDone: () => void }) {
  const form = useForm<{ why: string }, object>({
    draft: null,
    initial: { why: '' },
    check: ({ why }) => (why.trim() ? {} : { why: t('medicines.why-missing', 'Ghi lý do.') }),
    send: ({ why }) => api.post(`/api/medicines/dispenses/${encodeURIComponent(row.id)}/void`, { why }),
    onDone: () => {
      toast(t('medicines.voided', 'Đã bỏ lần cấp ghi nhầm, thuốc trở lại kho'));
      void refresh(['medicines']);
      onDone();
    },
  });
  return (
    <Form
      form={form}
      label={t('medicines.void', 'Ghi nhầm')}
      finish={t('medicines.void.save', 'Bỏ lần cấp này')}
    >
      <Stack gap={12}>
        <TextField label={t('medicines.why', 'Lý do')} required {...form.field('why')} />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('medicines.void.save', 'Bỏ lần cấp này')}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}
