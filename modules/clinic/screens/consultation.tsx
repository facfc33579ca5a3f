/** The consultation in one screen, by keyboard: vital signs, examination, diagnosis, tests, prescription, finish. */
import { useRef, useState } from 'react';
import {
  api,
  Badge,
  Button,
  Columns,
  type ConflictField,
  ConflictView,
  Dialog,
  Empty,
  hasRole,
  KEYS,
  Loaded,
  Notice,
  navigate,
  Page,
  Panel,
  PatientBanner,
  Row,
  RuleCards,
  refresh,
  type ScreenProps,
  Stack,
  Text,
  t,
  toast,
  useKeys,
  useMe,
  useMutation,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type { ChargesView, ClinicLists, ConsultationInput, NoteField, VisitView } from '../contract.ts';
import { AllergyButton } from './allergies/allergy-button.tsx';
import { AppLauncher } from './consultation/app-launcher.tsx';
import { Examination } from './consultation/examination.tsx';
import { Charges, FinishPanel } from './consultation/finish-panel.tsx';
import { Laboratory } from './consultation/laboratory.tsx';
import { noteName, useAbbreviations } from './consultation/notes.tsx';
import { Prescription } from './consultation/prescription.tsx';
import { Side } from './consultation/side.tsx';
import { useWork, type Work } from './consultation/work.ts';

export default function ConsultationScreen({ params }: ScreenProps) {
  const id = params.encounter ?? '';
  const read = useQuery<VisitView>(['visit', id], `/api/clinic/visits/${encodeURIComponent(id)}`);
  usePush(id ? `clinic/visit/${id}` : null, () => {
    refresh(['visit', id]);
    refresh(['rule-cards']);
  });
  const patient = read.data?.person.id;
  usePush(patient ? `clinic/allergies/${patient}` : null, () => refresh(['visit', id]));
  const [written, setWritten] = useState<VisitView | null>(null);
  const mayStart = hasRole(useMe(), ['doctor', 'station-head']);
  return (
    <Loaded read={read} lines={12}>
      {(fresh) => {
        const visit = newest(fresh, written, id);
        return visit.state === 'seeing' || visit.state === 'done' || !mayStart ? (
          <Consultation
            key={id}
            visit={visit}
            mayTreat={mayStart}
            onVisit={setWritten}
            reread={read.refresh}
          />
        ) : (
          <NotStarted visit={visit} onVisit={setWritten} />
        );
      }}
    </Loaded>
  );
}

/** What an act answered counts until something as new is read; a result does not change the visit's version. */
function newest(read: VisitView, written: VisitView | null, id: string): VisitView {
  return written && written.id === id && written.version > read.version ? written : read;
}

function NotStarted(props: { visit: VisitView; onVisit: (visit: VisitView) => void }) {
  const { visit } = props;
  const start = useMutation(
    () => api.post<VisitView>(`/api/clinic/visits/${visit.id}/start`, {}, { ifMatch: visit.version }),
    { refreshes: [['visit', visit.id]] },
  );
  return (
    <Page title={t('clinic.consultation.of', 'Khám: {name}', { name: visit.person.name })} hideTitle>
      <PatientBanner person={visit.person} acts={<AllergyButton patient={visit.person.id} />} />
      {start.error && <Notice tone="look" title={start.error.message} />}
      <Empty
        title={t('clinic.not-started', 'Người bệnh đang chờ, chưa vào khám')}
        act={
          <Button
            kind="primary"
            keys={KEYS.next}
            busy={start.busy}
            onPress={() => void start.run(undefined).then(props.onVisit, () => {})}
          >
            {t('clinic.start', 'Bắt đầu khám')}
          </Button>
        }
      >
        {visit.reason}
      </Empty>
    </Page>
  );
}

/** Each column scrolls by itself, so that the person above stays in sight. */
const SCROLLS = { overflowY: 'auto', minHeight: 0, paddingBottom: 24 } as const;

interface VisitProps {
  visit: VisitView;
  /** A doctor; a nurse writes vital signs and texts only. */
  mayTreat: boolean;
  onVisit: (visit: VisitView) => void;
  reread: () => void;
}

function Consultation(props: VisitProps) {
  const { visit, onVisit, mayTreat } = props;
  const lists = useQuery<ClinicLists>(['clinic-lists'], '/api/clinic/lists').data;
  const work = useWork(visit, onVisit);
  const [finishing, setFinishing] = useState(false);
  const medicine = useRef<HTMLInputElement>(null);
  const service = useRef<HTMLInputElement>(null);
  const readOnly = visit.state === 'done' || visit.state === 'away';
  const treating = mayTreat && visit.state === 'seeing';
  const seen = (next: VisitView) => {
    onVisit(next);
    props.reread();
  };
  const finish = async () => {
    if (await saved(work, visit)) setFinishing(true);
  };
  useAbbreviations(
    lists,
    visit.notes,
    (key, text) => work.set((input) => ({ ...input, notes: { ...input.notes, [key]: text } })),
    readOnly,
  );
  useVisitKeys(visit, treating, { medicine, service });
  return (
    <Page title={t('clinic.consultation.of', 'Khám: {name}', { name: visit.person.name })} hideTitle fill>
      <PatientBanner
        person={visit.person}
        acts={
          <>
            <AllergyButton patient={visit.person.id} />
            <AppLauncher patient={visit.person.id} encounter={visit.id} />
            <Acts work={work} visit={visit} mayTreat={mayTreat} onFinish={() => void finish()} />
          </>
        }
      />
      <Columns widths={['1fr', '280px']} fill>
        <Stack gap={12} style={SCROLLS}>
          <States work={work} visit={visit} mayTreat={mayTreat} />
          <RuleCards
            patient={visit.person.id}
            encounter={visit.id}
            onTaken={props.reread}
            seen={`${visit.version} ${visit.orders.filter(({ resultAt }) => resultAt !== null).length}`}
          />
          <Examination visit={visit} work={work} mayTreat={mayTreat} readOnly={readOnly} />
          <Laboratory
            visit={visit}
            lists={lists}
            searchRef={service}
            readOnly={!treating}
            onVisit={seen}
            reread={props.reread}
          />
          <Prescription
            visit={visit}
            searchRef={medicine}
            mayTreat={mayTreat}
            saveFirst={() => saved(work, visit)}
            onVisit={seen}
          />
          {visit.state === 'done' && mayTreat && <DoneCharges visit={visit} />}
        </Stack>
        <Stack style={SCROLLS}>
          <Side visit={visit} />
        </Stack>
      </Columns>
      {finishing && (
        <FinishPanel
          visit={visit}
          lists={lists}
          onClose={() => setFinishing(false)}
          onFinished={(done) => {
            setFinishing(false);
            work.forget();
            toast(t('clinic.finished', 'Đã kết thúc lượt khám'));
            seen(done);
          }}
        />
      )}
      <Conflict work={work} />
    </Page>
  );
}

/** F12 the record; while treating F3 prescription, F6 results, F7 orders. */
function useVisitKeys(
  visit: VisitView,
  treating: boolean,
  places: Record<'medicine' | 'service', { current: HTMLInputElement | null }>,
): void {
  useKeys([
    {
      key: KEYS.record,
      label: t('clinic.worklist.record', 'Hồ sơ'),
      run: () => navigate(`/ho-so/${visit.person.id}`),
    },
  ]);
  useKeys(
    !treating
      ? []
      : [
          {
            key: KEYS.prescription,
            label: t('clinic.rx', 'Đơn thuốc'),
            run: () => places.medicine.current?.focus(),
          },
          { key: KEYS.results, label: t('clinic.key.results', 'Kết quả'), run: focusResults },
          {
            key: KEYS.orders,
            label: t('clinic.key.orders', 'Chỉ định'),
            run: () => places.service.current?.focus(),
          },
        ],
  );
}

/** The visit with everything typed in it; null when saving was refused. */
async function saved(work: Work, visit: VisitView): Promise<VisitView | null> {
  return work.dirty ? work.save() : visit;
}

function focusResults(): void {
  document.querySelector<HTMLElement>('[data-results] input, [data-results] select')?.focus();
}

function Acts(props: { work: Work; visit: VisitView; mayTreat: boolean; onFinish: () => void }) {
  const { work, visit } = props;
  const treating = props.mayTreat && visit.state === 'seeing';
  if (visit.state === 'done') return <Papers visit={visit} />;
  return (
    <Row gap={8}>
      {work.dirty ? (
        <Badge tone="look">{t('clinic.unsaved', 'Chưa lưu')}</Badge>
      ) : (
        <Badge tone="done">{t('clinic.saved', 'Đã lưu')}</Badge>
      )}
      <Button keys="Ctrl+S" busy={work.busy} disabled={!work.dirty} onPress={() => void work.save()}>
        {t('clinic.save', 'Lưu khám')}
      </Button>
      {treating && (
        <Button kind="primary" keys={KEYS.finish} onPress={props.onFinish}>
          {t('clinic.finish', 'Kết thúc khám')}
        </Button>
      )}
    </Row>
  );
}

/** The papers of a finished visit, and the way on. */
function Papers(props: { visit: VisitView }) {
  const at = `/api/documents/encounters/${props.visit.id}`;
  const open = (paper: string) => () => window.open(`${at}/${paper}.pdf`, '_blank', 'noopener');
  return (
    <Row gap={8}>
      <Badge tone="done">{t('clinic.state.finished', 'Đã khám')}</Badge>
      <Button onPress={open('statement')}>{t('clinic.statement', 'Bảng kê chi phí')}</Button>
      <Button
        kind="primary"
        keys={KEYS.next}
        onPress={() => navigate(`/phong-kham?phong=${encodeURIComponent(props.visit.room.id)}`)}
      >
        {t('clinic.back', 'Người tiếp theo')}
      </Button>
    </Row>
  );
}

function States(props: { work: Work; visit: VisitView; mayTreat: boolean }) {
  const { work, visit } = props;
  return (
    <>
      {work.restored && (
        <Notice
          tone="info"
          title={t('clinic.restored', 'Đã mở lại phần gõ dở trước đó; chưa có trong hồ sơ cho tới khi lưu.')}
        />
      )}
      {visit.state === 'seeing' && props.mayTreat && !visit.mine && (
        <Notice
          tone="look"
          title={t('clinic.other-doctor', '{name} đang khám người bệnh này', {
            name: visit.doctor?.name ?? '',
          })}
        />
      )}
      {work.failure && (
        <Notice tone="danger" title={work.failure.message}>
          {work.failure.issues.slice(1).map((issue) => (
            <Text key={issue.text} as="div">
              {issue.text}
            </Text>
          ))}
        </Notice>
      )}
    </>
  );
}

/** What a finished visit cost and who pays it. */
function DoneCharges(props: { visit: VisitView }) {
  const { visit } = props;
  const read = useQuery<ChargesView>(
    ['charges', visit.id, visit.version],
    `/api/clinic/visits/${visit.id}/charges`,
  );
  return (
    <Panel title={t('clinic.charges', 'Chi phí')}>
      <Loaded read={read}>{(bill) => <Charges bill={bill} />}</Loaded>
    </Panel>
  );
}

/** The parts of a consultation that two people may have written, one line each: the notes by their own names. */
type Comparable = Record<string, unknown> & Pick<ConsultationInput, 'vitals' | 'diagnoses'>;

const NOTE = 'notes.';

const comparable = ({ vitals, diagnoses, notes }: ConsultationInput): Comparable => ({
  ...Object.fromEntries(Object.entries(notes).map(([key, text]) => [`${NOTE}${key}`, text])),
  vitals,
  diagnoses,
});

const fromComparable = ({ vitals, diagnoses, ...more }: Comparable): ConsultationInput => ({
  vitals,
  diagnoses,
  notes: Object.fromEntries(
    Object.entries(more).map(([key, text]) => [key.slice(NOTE.length), String(text)]),
  ),
});

function Conflict(props: { work: Work }) {
  const { work } = props;
  const theirs = work.conflict;
  if (!theirs) return null;
  return (
    <Dialog
      title={t('clinic.conflict', 'Hai bản của một lượt khám')}
      opened
      onClose={work.dismiss}
      width={860}
    >
      <ConflictView<Comparable>
        yours={comparable(work.typed.input)}
        theirs={comparable(theirs.consultation)}
        fields={conflictFields(theirs.notes)}
        onKeep={(merged) => work.resolve(fromComparable(merged), theirs)}
        onCancel={work.dismiss}
      />
    </Dialog>
  );
}

function conflictFields(notes: readonly NoteField[]): ConflictField<Comparable>[] {
  return [
    {
      key: 'vitals',
      label: t('clinic.vitals', 'Dấu hiệu sinh tồn'),
      draw: ({ vitals }) =>
        Object.values(vitals)
          .map((value) => (value === null ? '–' : String(value).replace('.', ',')))
          .join(' · '),
    },
    ...notes.map((field) => ({ key: `${NOTE}${field.key}`, label: noteName(field) })),
    {
      key: 'diagnoses',
      label: t('clinic.diagnoses', 'Chẩn đoán'),
      draw: ({ diagnoses }) => diagnoses.map((one) => one.code).join(', ') || '–',
    },
  ];
}
