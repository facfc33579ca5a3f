/** One lot: open a vial, give out, throw away, count, hold; and its movements. */
import {
  api,
  Button,
  Form,
  formatDateTime,
  formatNumber,
  Grid,
  Loaded,
  Notice,
  NumberField,
  RadioList,
  Row,
  refresh,
  Stack,
  Table,
  TextField,
  t,
  toast,
  useForm,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import type { LotRow, MovementRow } from '../stock/reading.ts';

interface MoveValues {
  kind: string;
  doses: number | null;
  why: string;
}

export function LotForm({ lot, onDone }: { lot: LotRow; onDone: () => void }) {
  const key = { product: lot.product, lot: lot.lot };
  const saved = (said: string) => {
    toast(said);
    void refresh(['programmes', 'stock']);
    onDone();
  };
  const open = useMutation(() => api.post('/api/programmes/stock/vials', key), {
    onDone: () => saved(t('programmes.stock.opened', 'Đã mở một lọ')),
  });
  const release = useMutation(() => api.post('/api/programmes/stock/hold', { ...key, release: true }), {
    onDone: () => saved(t('programmes.stock.released', 'Lô được dùng lại')),
  });
  const form = useForm<MoveValues, object>({
    draft: null,
    initial: { kind: 'waste', doses: null, why: '' },
    check: ({ kind, doses, why }) => ({
      ...(kind === 'hold' || doses !== null
        ? {}
        : { doses: t('programmes.stock.doses-missing', 'Ghi số liều.') }),
      ...(why.trim() ? {} : { why: t('programmes.stock.why-missing', 'Ghi lý do.') }),
    }),
    send: ({ kind, doses, why }) =>
      kind === 'hold'
        ? api.post('/api/programmes/stock/hold', { ...key, why })
        : api.post('/api/programmes/stock/movements', { ...key, kind, doses, why }),
    onDone: () => saved(t('programmes.stock.moved', 'Đã ghi vào sổ kho')),
  });
  const failure = open.error ?? release.error;
  return (
    <Stack gap={16}>
      {failure && <Notice tone="danger" title={failure.message} />}
      {lot.hold ? (
        <Notice tone="danger" title={lot.hold}>
          <Button busy={release.busy} onPress={() => void release.run(undefined).catch(() => undefined)}>
            {t('programmes.stock.release', 'Cho dùng lại')}
          </Button>
        </Notice>
      ) : (
        lot.vial > 1 && (
          <Row gap={8}>
            <Button busy={open.busy} onPress={() => void open.run(undefined).catch(() => undefined)}>
              {t('programmes.stock.open-vial', 'Mở một lọ ({doses} liều)', { doses: formatNumber(lot.vial) })}
            </Button>
          </Row>
        )
      )}
      <Form
        form={form}
        label={t('programmes.stock.move', 'Ghi vào sổ kho')}
        finish={t('programmes.stock.move-save', 'Ghi')}
      >
        <Stack gap={12}>
          <RadioList
            label={t('programmes.stock.kind', 'Việc')}
            choices={['waste', 'issue', 'count', 'hold'].map((value) => ({ value, label: kindWord(value) }))}
            {...form.field('kind')}
          />
          <Grid min={200}>
            {form.values.kind !== 'hold' && (
              <NumberField
                label={
                  form.values.kind === 'count'
                    ? t('programmes.stock.counted', 'Số liều đếm được')
                    : t('programmes.session.doses', 'Liều')
                }
                decimals={0}
                {...form.field('doses')}
              />
            )}
            <TextField label={t('programmes.stock.why', 'Lý do')} required {...form.field('why')} />
          </Grid>
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('programmes.stock.move-save', 'Ghi')}
            </Button>
          </Row>
        </Stack>
      </Form>
      <Movements lot={lot} />
    </Stack>
  );
}

function Movements({ lot }: { lot: LotRow }) {
  const query = new URLSearchParams({ product: lot.product, lot: lot.lot }).toString();
  const read = useQuery<{ rows: MovementRow[] }>(
    ['programmes', 'stock', query],
    `/api/programmes/stock/movements?${query}`,
  );
  return (
    <Loaded read={read}>
      {({ rows }) => (
        <Table
          label={t('programmes.stock.movements', 'Sổ kho của lô')}
          rows={rows}
          rowKey={(row) => `${row.at} ${row.kind} ${row.doses} ${row.who}`}
          columns={[
            { key: 'at', title: t('programmes.stock.at', 'Lúc'), draw: (row) => formatDateTime(row.at) },
            { key: 'kind', title: t('programmes.stock.kind', 'Việc'), draw: (row) => kindWord(row.kind) },
            {
              key: 'doses',
              title: t('programmes.session.doses', 'Liều'),
              align: 'right',
              draw: (row) => (row.doses > 0 ? `+${formatNumber(row.doses)}` : formatNumber(row.doses)),
            },
            {
              key: 'why',
              title: t('programmes.stock.why', 'Lý do'),
              draw: (row) => row.why || (row.who.startsWith('Immunization/') ? '' : row.who),
            },
          ]}
        />
      )}
    </Loaded>
  );
}

function kindWord(kind: string): string {
  const words: Record<string, string> = {
    receipt: t('programmes.stock.kind.receipt', 'Nhập'),
    issue: t('programmes.stock.kind.issue', 'Xuất, trả'),
    waste: t('programmes.stock.kind.waste', 'Hủy (vỡ, hết hạn, đông băng, chỉ thị đổi màu)'),
    count: t('programmes.stock.kind.count', 'Kiểm kê'),
    dose: t('programmes.stock.kind.dose', 'Tiêm'),
    'dose-void': t('programmes.stock.kind.dose-void', 'Mũi ghi nhầm, trả lại kho'),
    hold: t('programmes.stock.kind.hold', 'Giữ lô, không dùng'),
    release: t('programmes.stock.kind.release', 'Cho dùng lại'),
  };
  return words[kind] ?? kind;
}
