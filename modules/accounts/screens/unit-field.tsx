/** The unit of an account, found by its name; none for a role of the whole province. */
import { api, CodeSearch, type Found, t } from '../../../web/ui/index.ts';

interface Props {
  value: Found | null;
  onChange: (unit: Found | null) => void;
}

export function UnitField(props: Props) {
  return (
    <CodeSearch
      label={t('accounts.unit', 'Đơn vị')}
      hint={t('accounts.unit-hint', 'Gõ tên cơ sở; để trống cho vai trò toàn tỉnh.')}
      name="unit"
      least={2}
      search={findUnits}
      value={props.value}
      onChoose={({ code, label }) => props.onChange({ code, label })}
      onClear={() => props.onChange(null)}
    />
  );
}

async function findUnits(typed: string, signal: AbortSignal): Promise<Found[]> {
  const path = `/api/places/facilities?q=${encodeURIComponent(typed)}`;
  const units = await api.get<{ id: string; name: string; unitName: string }[]>(path, { signal });
  return units.map(({ id, name, unitName }) => ({ code: id, label: name, note: unitName }));
}
