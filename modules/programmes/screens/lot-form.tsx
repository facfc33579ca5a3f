/** One lot of vaccine: open a vial, what every lot can have done to it, and its movements. */
import {
  api,
  Button,
  formatNumber,
  Notice,
  Row,
  refresh,
  Stack,
  t,
  toast,
  useMutation,
} from '../../../web/ui/index.ts';
import { StockCard, LotForm as StockLotForm } from '../../stock/screens/door.ts';
import type { LotRow } from '../stock/reading.ts';
import { STOCK } from './scan-vial.tsx';

export function LotForm({ lot, onDone }: { lot: LotRow; onDone: () => void }) {
  const query = new URLSearchParams({ item: lot.item, lot: lot.lot }).toString();
  const saved = () => {
    void refresh(['programmes', 'stock']);
    onDone();
  };
  return (
    <Stack gap={16}>
      <StockLotForm stock={STOCK} lot={lot} unit={t('programmes.stock.unit', 'liều')} onSaved={saved}>
        {lot.pack > 1 && <OpenVial lot={lot} onSaved={saved} />}
      </StockLotForm>
      <StockCard
        address={`${STOCK}/movements?${query}`}
        name={['programmes', 'stock', query]}
        unit={t('programmes.stock.unit', 'liều')}
        ofLot
      />
    </Stack>
  );
}

function OpenVial({ lot, onSaved }: { lot: LotRow; onSaved: () => void }) {
  const open = useMutation(() => api.post(`${STOCK}/vials`, { item: lot.item, lot: lot.lot }), {
    onDone: () => {
      toast(t('programmes.stock.opened', 'Đã mở một lọ'));
      onSaved();
    },
  });
  return (
    <Stack gap={8}>
      {open.error && <Notice tone="danger" title={open.error.message} />}
      <Row gap={8}>
        <Button busy={open.busy} onPress={() => void open.run(undefined).catch(() => undefined)}>
          {t('programmes.stock.open-vial', 'Mở một lọ ({doses} liều)', { doses: formatNumber(lot.pack) })}
        </Button>
      </Row>
    </Stack>
  );
}
