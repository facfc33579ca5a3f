/** The prescription in the Vietnamese manner: sáng, trưa, chiều, tối, days; the quantity computes itself. */
import type { KeyboardEvent, Ref } from 'react';
import { IconX } from '../../../../web/ui/icons.ts';
import {
  api,
  Badge,
  Button,
  CodeSearch,
  type Found,
  NumberField,
  Stack,
  Table,
  type TableColumn,
  Text,
  TextField,
  t,
} from '../../../../web/ui/index.ts';
import type { DoseKey, MedicineRow } from '../../contract.ts';
import { type DraftLine, isMeasured, quantityOf } from './draft-lines.ts';

interface FoundMedicine extends Found {
  row: MedicineRow;
}

async function searchMedicines(typed: string, signal: AbortSignal): Promise<FoundMedicine[]> {
  const rows = await api.get<MedicineRow[]>(`/api/clinic/medicines/search?q=${encodeURIComponent(typed)}`, {
    signal,
  });
  return rows.map((row) => ({
    code: row.code,
    label: row.name,
    note: [row.ingredients, row.strength, row.insured ? '' : t('clinic.rx.own', 'ngoài BHYT')]
      .filter(Boolean)
      .join(' · '),
    row,
  }));
}

export function PrescriptionGrid(props: {
  lines: readonly DraftLine[];
  faults: Readonly<Record<string, Record<string, string>>>;
  /** Lines that an alert is about. */
  alerted: ReadonlySet<string>;
  searchRef: Ref<HTMLInputElement>;
  onAdd: (row: MedicineRow) => void;
  onChange: (id: string, change: Partial<DraftLine>) => void;
  onRemove: (id: string) => void;
}) {
  return (
    <Stack gap={12}>
      {props.lines.length > 0 && (
        <div onKeyDown={enterGoesOn} data-grid="prescription">
          <Table
            label={t('clinic.rx.lines', 'Các thuốc trong đơn')}
            rows={props.lines}
            rowKey={(line) => line.id}
            dense
            tone={(line) => (props.alerted.has(line.id) ? 'danger' : undefined)}
            columns={columns(props)}
          />
        </div>
      )}
      <CodeSearch
        label={t('clinic.rx.add', 'Thêm thuốc (tên hoặc hoạt chất)')}
        name="medicine"
        search={searchMedicines}
        onChoose={(found) => props.onAdd(found.row)}
        placeholder={t('clinic.rx.hint', 'Gõ tên thuốc hoặc hoạt chất, không cần dấu')}
        inputRef={props.searchRef}
        ranked
      />
    </Stack>
  );
}

type GridProps = Parameters<typeof PrescriptionGrid>[0];

function columns(props: GridProps): TableColumn<DraftLine>[] {
  const fault = (line: DraftLine, cell: string) => props.faults[line.id]?.[cell];
  const dose = (key: DoseKey, title: string): TableColumn<DraftLine> => ({
    key,
    title,
    width: 72,
    narrow: 3,
    draw: (line) =>
      isMeasured(line) ? (
        <TextField
          bare
          label={`${title}, ${line.known.name}`}
          value={line[key]}
          onChange={(text) => props.onChange(line.id, { [key]: text })}
          error={fault(line, key)}
          autoFocus={key === 'morning' && isBlank(line)}
        />
      ) : null,
  });
  return [
    {
      key: 'name',
      title: t('clinic.rx.medicine', 'Thuốc'),
      narrow: 12,
      draw: (line) => <MedicineName line={line} />,
    },
    dose('morning', t('clinic.rx.morning', 'Sáng')),
    dose('noon', t('clinic.rx.noon', 'Trưa')),
    dose('afternoon', t('clinic.rx.afternoon', 'Chiều')),
    dose('evening', t('clinic.rx.evening', 'Tối')),
    ...(props.lines.every(isMeasured) ? [] : [perDayColumn(props, fault)]),
    {
      key: 'days',
      title: t('clinic.rx.days', 'Ngày'),
      width: 68,
      narrow: 4,
      draw: (line) => (
        <NumberField
          bare
          whole
          label={t('clinic.rx.days-of', 'Số ngày, {name}', { name: line.known.name })}
          value={line.days}
          onChange={(days) => props.onChange(line.id, { days })}
          error={fault(line, 'days')}
        />
      ),
    },
    {
      key: 'quantity',
      title: t('clinic.rx.quantity', 'Số lượng'),
      width: 90,
      narrow: 4,
      draw: (line) => quantityCell(line, props),
    },
    {
      key: 'advice',
      title: t('clinic.rx.advice', 'Dặn'),
      width: 120,
      narrow: 10,
      draw: (line) => (
        <TextField
          bare
          label={t('clinic.rx.advice-of', 'Lời dặn, {name}', { name: line.known.name })}
          value={line.advice}
          onChange={(advice) => props.onChange(line.id, { advice })}
        />
      ),
    },
    {
      key: 'remove',
      title: '',
      width: 40,
      narrow: 2,
      draw: (line) => (
        <Button
          kind="quiet"
          small
          icon={<IconX size={16} />}
          label={t('clinic.rx.remove', 'Bỏ {name}', { name: line.known.name })}
          onPress={() => props.onRemove(line.id)}
        />
      ),
    },
  ];
}

/** Only where a line has no exact dose. */
function perDayColumn(
  props: GridProps,
  fault: (line: DraftLine, cell: string) => string | undefined,
): TableColumn<DraftLine> {
  return {
    key: 'perDay',
    title: t('clinic.rx.per-day', 'Lần/ngày'),
    width: 72,
    narrow: 4,
    draw: (line) =>
      isMeasured(line) ? null : (
        <NumberField
          bare
          whole
          label={t('clinic.rx.per-day-of', 'Lần trong ngày, {name}', { name: line.known.name })}
          value={line.perDay}
          onChange={(perDay) => props.onChange(line.id, { perDay })}
          error={fault(line, 'perDay')}
          autoFocus={isBlank(line)}
        />
      ),
  };
}

function quantityCell(line: DraftLine, props: GridProps) {
  if (isMeasured(line)) {
    const quantity = quantityOf(line);
    return (
      <div className="yb-beside-fields">
        <Text strong>{quantity === null ? '' : `${quantity} ${line.known.unit}`}</Text>
      </div>
    );
  }
  return (
    <NumberField
      bare
      whole
      unit={line.known.unit}
      label={t('clinic.rx.quantity-of', 'Số lượng, {name}', { name: line.known.name })}
      value={line.quantity}
      onChange={(quantity) => props.onChange(line.id, { quantity })}
      error={props.faults[line.id]?.quantity}
    />
  );
}

function MedicineName(props: { line: DraftLine }) {
  const { known } = props.line;
  return (
    <Stack gap={0}>
      <Text strong>{known.name}</Text>
      <Text size={12} tone="soft">
        {known.ingredients}
      </Text>
      {!known.insured && <Badge tone="look">{t('clinic.rx.own', 'ngoài BHYT')}</Badge>}
    </Stack>
  );
}

/** A line just added: its first cell takes the focus. */
function isBlank(line: DraftLine): boolean {
  return (
    [line.morning, line.noon, line.afternoon, line.evening].every((text) => text === '') && line.days === null
  );
}

/** Enter goes to the next cell, and from the last one back to the search. */
function enterGoesOn(event: KeyboardEvent<HTMLDivElement>): void {
  const from = event.target as HTMLElement;
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || !(from instanceof HTMLInputElement)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const cells = [...event.currentTarget.querySelectorAll('input')];
  const next = cells[cells.indexOf(from) + 1];
  const search = event.currentTarget.parentElement?.querySelector<HTMLElement>('[role=combobox]');
  (next ?? search)?.focus();
}
