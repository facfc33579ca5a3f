/** The prescription of the visit: typed, checked as it grows, signed once; then shown with its paper. */
import { type Ref, useState } from 'react';
import {
  type ApiFailure,
  api,
  Button,
  KEYS,
  Notice,
  newKey,
  Panel,
  Row,
  Stack,
  Table,
  Text,
  TextField,
  t,
  toast,
  useDraft,
  useKeys,
} from '../../../../web/ui/index.ts';
import type { LineInput, MedicineRow, PrescriptionView, VisitView } from '../../contract.ts';
import { Alerts, type Overrides, sentOverrides, unresolved } from './alerts.tsx';
import { basisOf, faultsByLine, useCheck } from './check.ts';
import { type DraftLine, isComplete, newLine, sentLine } from './draft-lines.ts';
import { PrescriptionGrid } from './prescription-grid.tsx';

interface PrescriptionDraft {
  lines: DraftLine[];
  overrides: Overrides;
  companion: string;
  /** Number of the signed prescription that this one replaces. */
  replaces: string | null;
  replaceReason: string;
  /** The key of this signing: the same act sent again signs nothing twice. */
  key: string;
}

const empty = (companion: string): PrescriptionDraft => ({
  lines: [],
  overrides: {},
  companion,
  replaces: null,
  replaceReason: '',
  key: newKey(),
});

export function Prescription(props: {
  visit: VisitView;
  searchRef: Ref<HTMLInputElement>;
  /** A doctor: may write and replace. */
  mayTreat: boolean;
  /** Saves what else was typed; null when it could not be saved. */
  saveFirst: () => Promise<VisitView | null>;
  onVisit: (visit: VisitView) => void;
}) {
  const { visit } = props;
  const draft = useDraft<PrescriptionDraft>(`prescription.${visit.id}`, empty(visit.companion));
  const work = draft.value;
  const writing =
    props.mayTreat && visit.state === 'seeing' && (visit.prescription === null || work.replaces !== null);
  const replace = (signed: PrescriptionView) => {
    void linesAgain(signed.inputs).then((lines) =>
      draft.set({ ...empty(visit.companion), lines, replaces: signed.number }),
    );
  };
  return (
    <Panel title={t('clinic.rx', 'Đơn thuốc')}>
      <Stack gap={12}>
        {visit.prescription && !writing && (
          <Signed
            visit={visit}
            signed={visit.prescription}
            onReplace={
              props.mayTreat && visit.state === 'seeing' ? () => replace(visit.prescription!) : undefined
            }
          />
        )}
        {writing && (
          <Writing
            {...props}
            work={work}
            set={(change) => draft.set((now) => ({ ...now, ...change(now) }))}
            onSigned={(signed) => {
              draft.set(empty(signed.companion));
              draft.done();
              props.onVisit(signed);
            }}
            onCancel={work.replaces ? () => draft.set(empty(visit.companion)) : undefined}
          />
        )}
        {!writing && !visit.prescription && (
          <Text tone="soft">{t('clinic.rx.none', 'Không có đơn thuốc trong lượt khám này.')}</Text>
        )}
      </Stack>
    </Panel>
  );
}

/** The lines of a signed prescription, with what the list says of their medicines today. */
async function linesAgain(inputs: readonly LineInput[]): Promise<DraftLine[]> {
  const found = await Promise.all(
    inputs.map(async (input) => {
      const rows = await api.get<MedicineRow[]>(
        `/api/clinic/medicines/search?q=${encodeURIComponent(input.medicine)}`,
      );
      const known = rows.find((row) => row.code === input.medicine);
      return known ? [{ ...newLine(known, newKey()), ...input }] : [];
    }),
  );
  return found.flat();
}

interface WritingProps {
  visit: VisitView;
  searchRef: Ref<HTMLInputElement>;
  saveFirst: () => Promise<VisitView | null>;
  work: PrescriptionDraft;
  set: (change: (now: PrescriptionDraft) => Partial<PrescriptionDraft>) => void;
  onSigned: (visit: VisitView) => void;
  onCancel?: () => void;
}

function Writing(props: WritingProps) {
  const { visit, work, set } = props;
  const checked = useCheck(visit.id, basisOf(visit), work.lines, work.replaces);
  const { sign, busy, failure, faults } = useSigning(props);
  const missing = unresolved(checked.alerts, work.overrides);
  const alerted = new Set(
    checked.alerts.flatMap((alert) => alert.lines.map((line) => checked.lineIds[line] ?? '')),
  );
  const ready = work.lines.length > 0 && work.lines.every(isComplete);
  return (
    <Stack gap={12}>
      <PrescriptionGrid
        lines={work.lines}
        faults={{ ...checked.faults, ...faults }}
        alerted={alerted}
        searchRef={props.searchRef}
        onAdd={(row) => set((now) => ({ lines: [...now.lines, newLine(row, newKey())], key: newKey() }))}
        onChange={(id, change) =>
          set((now) => ({
            lines: now.lines.map((one) => (one.id === id ? { ...one, ...change } : one)),
            key: newKey(),
          }))
        }
        onRemove={(id) => set((now) => ({ lines: now.lines.filter((one) => one.id !== id), key: newKey() }))}
      />
      <Alerts
        alerts={checked.alerts}
        overrides={work.overrides}
        onRemove={(line) =>
          set((now) => ({
            lines: now.lines.filter(({ id }) => id !== checked.lineIds[line]),
            key: newKey(),
          }))
        }
        onChange={(key, change) =>
          set((now) => ({
            overrides: {
              ...now.overrides,
              [key]: { reason: '', text: '', ...now.overrides[key], ...change },
            },
            key: newKey(),
          }))
        }
      />
      <Extras {...props} />
      {failure && <Failure failure={failure} />}
      <Row gap={12} spread wrap>
        <Text tone="soft">{stateOf(work, checked.fresh, checked.alerts.length, missing.length)}</Text>
        <Row gap={8}>
          {props.onCancel && (
            <Button onPress={props.onCancel}>{t('clinic.rx.keep-old', 'Giữ đơn đã ký')}</Button>
          )}
          <Button
            kind="primary"
            keys="Alt+Enter"
            busy={busy}
            disabled={!ready || missing.length > 0}
            onPress={() => void sign(checked.alerts)}
          >
            {t('clinic.rx.sign', 'Ký đơn')}
          </Button>
        </Row>
      </Row>
    </Stack>
  );
}

function stateOf(work: PrescriptionDraft, fresh: boolean, alerts: number, missing: number): string {
  if (work.lines.length === 0) return t('clinic.rx.begin', 'Chưa có thuốc. Không kê đơn thì để trống.');
  if (!work.lines.every(isComplete))
    return t('clinic.rx.incomplete', 'Còn dòng chưa ghi đủ liều và số ngày.');
  if (!fresh) return t('clinic.rx.checking', 'Đang đối chiếu dị ứng, trùng hoạt chất, tương tác…');
  if (missing > 0)
    return t('clinic.rx.missing', 'Còn {n} cảnh báo chưa xử lý: sửa đơn hoặc chọn lý do.', { n: missing });
  if (alerts > 0) return t('clinic.rx.resolved', 'Mọi cảnh báo đã có lý do.');
  return t('clinic.rx.clear', 'Đã đối chiếu: không có cảnh báo.');
}

/** What only some prescriptions need. */
function Extras(props: WritingProps) {
  const { visit, work, set } = props;
  return (
    <Row gap={12} wrap align="end">
      {visit.monthsOld !== null && (
        <TextField
          label={t('clinic.rx.companion', 'Người đưa trẻ đến khám ({n} tháng)', { n: visit.monthsOld })}
          required
          width={280}
          value={work.companion}
          onChange={(companion) => set(() => ({ companion, key: newKey() }))}
        />
      )}
      {work.replaces && (
        <TextField
          label={t('clinic.rx.replace-reason', 'Lý do thay đơn {number}', { number: work.replaces })}
          required
          width={360}
          value={work.replaceReason}
          onChange={(replaceReason) => set(() => ({ replaceReason, key: newKey() }))}
        />
      )}
    </Row>
  );
}

function Failure(props: { failure: ApiFailure }) {
  return (
    <Notice tone="danger" title={props.failure.message}>
      {props.failure.issues.slice(1).map((issue) => (
        <div key={issue.text}>{issue.text}</div>
      ))}
    </Notice>
  );
}

function useSigning(props: WritingProps) {
  const { work, visit } = props;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const sign = async (alerts: Parameters<typeof sentOverrides>[0]) => {
    setBusy(true);
    setFailure(null);
    try {
      const saved = await props.saveFirst();
      if (!saved) return;
      const { companion, replaces, replaceReason, overrides, lines, key } = work;
      const body = {
        lines: lines.map(sentLine),
        overrides: sentOverrides(alerts, overrides),
        companion,
        replaces,
        replaceReason,
      };
      const path = `/api/clinic/visits/${visit.id}/prescription/sign`;
      const signed = await api.post<VisitView>(path, body, { ifMatch: saved.version, idempotencyKey: key });
      toast(t('clinic.rx.signed', 'Đã ký đơn {number}', { number: signed.prescription?.number ?? '' }));
      props.onSigned(signed);
    } catch (error) {
      setFailure(error as ApiFailure);
    } finally {
      setBusy(false);
    }
  };
  const faults = failure
    ? faultsByLine(
        failure,
        work.lines.map((line) => line.id),
      )
    : {};
  return { sign, busy, failure, faults };
}

function Signed(props: { visit: VisitView; signed: PrescriptionView; onReplace?: () => void }) {
  const { signed, visit } = props;
  const print = () =>
    window.open(`/api/documents/encounters/${visit.id}/prescription.pdf`, '_blank', 'noopener');
  useKeys([{ key: KEYS.print, label: t('clinic.rx.print', 'In đơn thuốc'), run: print }]);
  return (
    <Stack gap={12}>
      <Notice
        tone="done"
        title={t('clinic.rx.signed-by', 'Đơn {number}, {name} đã ký', {
          number: signed.number,
          name: signed.signedBy,
        })}
        acts={
          <Row gap={8}>
            {props.onReplace && (
              <Button small onPress={props.onReplace}>
                {t('clinic.rx.replace', 'Kê đơn thay thế')}
              </Button>
            )}
            <Button small kind="primary" onPress={print}>
              {t('clinic.rx.print', 'In đơn thuốc')}
            </Button>
          </Row>
        }
      />
      <Table
        label={t('clinic.rx.lines', 'Các thuốc trong đơn')}
        rows={signed.lines}
        rowKey={(line, index) => `${line.medicine}-${index}`}
        columns={[
          {
            key: 'name',
            title: t('clinic.rx.medicine', 'Thuốc'),
            draw: (line) => <Text strong>{line.name}</Text>,
          },
          {
            key: 'usage',
            title: t('clinic.rx.usage', 'Cách dùng'),
            draw: (line) => [line.usage, line.advice].filter(Boolean).join('; '),
          },
          {
            key: 'quantity',
            title: t('clinic.rx.quantity', 'Số lượng'),
            width: 110,
            align: 'right',
            draw: (line) => `${line.quantityText} ${line.unit}`,
          },
        ]}
      />
      {signed.overrides.map((one) => (
        <Text key={one.detail} as="p" tone="soft" size={13}>
          {t('clinic.rx.overridden', 'Đã ký dù có cảnh báo: {what}. Lý do: {reason}', {
            what: one.detail.split('\n')[0] ?? '',
            reason: one.reason,
          })}
        </Text>
      ))}
    </Stack>
  );
}
