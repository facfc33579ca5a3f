/** Vaccines of the station: lots with what is left and until when, open vials with their hour, what the stock does not explain. */
import { useState } from 'react';
import {
  api,
  Badge,
  Button,
  Dialog,
  Empty,
  formatDateTime,
  formatNumber,
  formatTime,
  Loaded,
  Page,
  Panel,
  refresh,
  Stack,
  Table,
  TwoLines,
  t,
  toast,
  today,
  useMe,
  useMutation,
  usePush,
  useQuery,
  vietnamDay,
} from '../../../web/ui/index.ts';
import type { Scanned, Unexplained as UnexplainedLine } from '../../stock/index.ts';
import { LotState, Unexplained } from '../../stock/screens/door.ts';
import type { LotRow } from '../stock/reading.ts';
import type { Vial } from '../stock/vials.ts';
import { LotForm } from './lot-form.tsx';
import { ReceiptForm } from './receipt-form.tsx';
import { ScanVial, STOCK } from './scan-vial.tsx';

export interface StockRead {
  lots: LotRow[];
  unexplained: (UnexplainedLine & { name: string })[];
  products: { code: string; name: string; vial: number }[];
}

export default function StockScreen() {
  const me = useMe();
  const read = useQuery<StockRead>(['programmes', 'stock'], STOCK);
  const [receiving, setReceiving] = useState<Partial<Scanned> | null>(null);
  const [lot, setLot] = useState<LotRow | null>(null);
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', 'stock']));
  return (
    <Page
      title={t('programmes.stock', 'Kho vắc xin')}
      acts={
        <Button kind="primary" onPress={() => setReceiving({})}>
          {t('programmes.stock.receive', 'Nhập vắc xin')}
        </Button>
      }
    >
      <Loaded read={read}>
        {(stock) => (
          <Stack gap={16}>
            <ScanVial
              onScan={(scanned) => {
                const known = stock.lots.find(
                  (one) => one.lot === scanned.lot && (scanned.item === '' || one.item === scanned.item),
                );
                if (known) setLot(known);
                else setReceiving(scanned);
              }}
            />
            <OpenVials lots={stock.lots} />
            <Unexplained
              title={t('programmes.stock.unexplained', 'Mũi tiêm chưa khớp với kho')}
              rows={stock.unexplained}
            />
            <Lots lots={stock.lots} onOpen={setLot} />
            <Dialog
              title={t('programmes.stock.receive', 'Nhập vắc xin')}
              opened={receiving !== null}
              onClose={() => setReceiving(null)}
              width={620}
            >
              {receiving && (
                <ReceiptForm
                  products={stock.products}
                  scanned={receiving}
                  onDone={() => setReceiving(null)}
                />
              )}
            </Dialog>
            <Dialog
              title={lot ? `${lot.name}, ${t('programmes.stock.lot-of', 'lô {lot}', { lot: lot.lot })}` : ''}
              opened={lot !== null}
              onClose={() => setLot(null)}
              width={680}
            >
              {lot && <LotForm lot={lot} onDone={() => setLot(null)} />}
            </Dialog>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Lots({ lots, onOpen }: { lots: LotRow[]; onOpen: (lot: LotRow) => void }) {
  return (
    <Panel title={t('programmes.stock.lots', 'Lô còn trong kho, hạn gần trước')} flush>
      <Table
        label={t('programmes.stock.lots', 'Lô còn trong kho, hạn gần trước')}
        rows={lots}
        rowKey={(row) => `${row.item} ${row.lot}`}
        tone={(row) => (row.hold || row.isExpired ? 'look' : undefined)}
        empty={
          <Empty title={t('programmes.stock.empty', 'Kho chưa có vắc xin nào')}>
            {t(
              'programmes.stock.empty-hint',
              'Nhập phiếu đầu tiên; từ đó mỗi mũi tiêm tự trừ vào lô của nó.',
            )}
          </Empty>
        }
        columns={[
          {
            key: 'name',
            title: t('programmes.session.vaccine', 'Vắc xin'),
            draw: (row) => (
              <TwoLines
                first={row.name}
                second={
                  row.paid
                    ? t('programmes.stock.lot-paid', 'lô {lot}, dịch vụ', { lot: row.lot })
                    : t('programmes.stock.lot-of', 'lô {lot}', { lot: row.lot })
                }
              />
            ),
          },
          {
            key: 'act',
            title: t('programmes.col.act', 'Việc'),
            draw: (row) => (
              <Button small onPress={() => onOpen(row)}>
                {t('programmes.stock.open-lot', 'Mở lô')}
              </Button>
            ),
          },
          {
            key: 'expires',
            title: t('programmes.dose.expires', 'Hạn dùng'),
            draw: (row) => <LotState lot={row} />,
          },
          {
            key: 'balance',
            title: t('programmes.session.doses', 'Liều'),
            draw: (row) => (
              <TwoLines
                first={formatNumber(row.balance)}
                second={
                  row.pack > 1
                    ? t('programmes.stock.whole-vials', '{count} lọ nguyên', {
                        count: formatNumber(row.vials),
                      })
                    : ''
                }
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}

function OpenVials({ lots }: { lots: LotRow[] }) {
  const vials = lots.flatMap((lot) => lot.open.map((vial) => ({ ...vial, name: lot.name })));
  if (vials.length === 0) return null;
  return (
    <Panel title={t('programmes.stock.open-vials', 'Lọ đang mở')} flush>
      <Table
        label={t('programmes.stock.open-vials', 'Lọ đang mở')}
        rows={vials}
        rowKey={(vial) => vial.id}
        columns={[
          {
            key: 'name',
            title: t('programmes.session.vaccine', 'Vắc xin'),
            draw: (vial) => (
              <TwoLines
                first={vial.name}
                second={t('programmes.stock.lot-of', 'lô {lot}', { lot: vial.lot })}
              />
            ),
          },
          {
            key: 'left',
            title: t('programmes.stock.left', 'Còn'),
            align: 'right',
            draw: (vial) => `${formatNumber(vial.doses - vial.given)}/${formatNumber(vial.doses)}`,
          },
          {
            key: 'discard',
            title: t('programmes.stock.discard-at', 'Bỏ trước'),
            draw: (vial) => <DiscardAt vial={vial} />,
          },
          { key: 'act', title: t('programmes.col.act', 'Việc'), draw: (vial) => <Discard vial={vial} /> },
        ]}
      />
    </Panel>
  );
}

function DiscardAt({ vial }: { vial: Vial }) {
  const isOver = new Date(vial.discardAt).getTime() < Date.now();
  return (
    <Badge tone={isOver ? 'danger' : 'neutral'}>
      {vietnamDay(new Date(vial.discardAt)) === today()
        ? formatTime(vial.discardAt)
        : formatDateTime(vial.discardAt)}
    </Badge>
  );
}

function Discard({ vial }: { vial: Vial }) {
  const write = useMutation(
    () =>
      api.post(`${STOCK}/vials/${encodeURIComponent(vial.id)}/discard`, {
        why: t('programmes.stock.discard-why', 'Bỏ phần còn lại của lọ mở'),
      }),
    {
      onDone: () => {
        toast(t('programmes.stock.discarded', 'Đã ghi bỏ lọ'));
        void refresh(['programmes', 'stock']);
      },
    },
  );
  return (
    <Button small busy={write.busy} onPress={() => void write.run(undefined).catch(() => undefined)}>
      {t('programmes.stock.discard', 'Bỏ lọ')}
    </Button>
  );
}
