/** Reception: one screen, keyboard alone. Scan or type → who it is → why they came → number. */
import { useRef, useState } from 'react';
import {
  ApiFailure,
  api,
  type BannerPerson,
  Columns,
  Empty,
  hasRole,
  Loaded,
  Notice,
  Page,
  Panel,
  PatientBanner,
  refresh,
  Skeleton,
  Stack,
  t,
  useMe,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import type {
  InsuranceCard,
  PersonForm as PersonFacts,
  PersonLine,
  Resolution,
  Scan,
} from '../../people/index.ts';
import type { CheckInAnswer } from '../reception/check-in.ts';
import type { IdentifiedBy } from '../reception/check-in-request.ts';
import { AllergyButton } from './allergies/allergy-button.tsx';
import { Arrivals } from './reception/arrivals.tsx';
import { CheckInForm } from './reception/check-in-form.tsx';
import { DemoCards } from './reception/demo-cards.tsx';
import { Differences } from './reception/differences.tsx';
import { Remarks } from './reception/entitlement-panel.tsx';
import { FindBox } from './reception/find-box.tsx';
import { PersonForm, useDeskForm } from './reception/person-form.tsx';
import { isPatientCard } from './reception/scan.ts';
import { Ticket } from './reception/ticket.tsx';

type Stage =
  | { at: 'idle' }
  | { at: 'reading' }
  | { at: 'refused'; text: string }
  | { at: 'unsure'; resolution: Resolution; scan: string }
  | { at: 'new'; from: Partial<PersonFacts>; resolution: Resolution | null; scan: string }
  | { at: 'chosen'; person: PersonLine; resolution: Resolution | null; scan: string }
  | { at: 'done'; answer: CheckInAnswer; name: string };

export default function ReceptionScreen() {
  const box = useRef<HTMLInputElement>(null);
  const [stage, setStage] = useState<Stage>({ at: 'idle' });
  useDeskForm();
  const idle = () => {
    setStage({ at: 'idle' });
    box.current?.focus();
  };
  const readScan = async (scan: string) => {
    setStage({ at: 'reading' });
    setStage(await stageOfScan(scan));
  };
  const choose = (person: PersonLine) => setStage({ at: 'chosen', person, resolution: null, scan: '' });
  return (
    <Page title={t('reception.title', 'Tiếp đón')} fill>
      <Columns widths={['1fr', '400px']} fill>
        <Stack gap={16} grow style={{ overflow: 'auto' }}>
          <FindBox
            inputRef={box}
            onScan={(text) => void readScan(text)}
            onChoose={choose}
            onNew={(name) => setStage({ at: 'new', from: { name }, resolution: null, scan: '' })}
          />
          <StageView stage={stage} setStage={setStage} idle={idle} focus={() => box.current?.focus()} />
          {stage.at === 'idle' && <DemoCards onScan={(text) => void readScan(text)} />}
        </Stack>
        <Arrivals />
      </Columns>
    </Page>
  );
}

async function stageOfScan(scan: string): Promise<Stage> {
  try {
    if (isPatientCard(scan)) {
      const { person } = await api.post<{ person: PersonLine }>('/api/documents/cards/person', {
        card: scan,
      });
      return { at: 'chosen', person, resolution: null, scan };
    }
    const resolution = await api.post<Resolution>('/api/people/resolve', { scan });
    if (resolution.outcome === 'found' && resolution.person) {
      return { at: 'chosen', person: resolution.person, resolution, scan };
    }
    return resolution.outcome === 'candidates'
      ? { at: 'unsure', resolution, scan }
      : { at: 'new', from: resolution.form, resolution, scan };
  } catch (error) {
    return { at: 'refused', text: error instanceof ApiFailure ? error.message : String(error) };
  }
}

interface StageProps {
  stage: Stage;
  setStage: (stage: Stage) => void;
  idle: () => void;
  focus: () => void;
}

function StageView(props: StageProps) {
  const { stage } = props;
  switch (stage.at) {
    case 'idle':
      return <Idle />;
    case 'reading':
      return <Skeleton lines={4} />;
    case 'refused':
      return <Notice tone="danger" title={stage.text} />;
    case 'unsure':
    case 'new':
      return <NewPerson {...props} stage={stage} />;
    case 'chosen':
      return <Chosen key={stage.person.id} {...props} stage={stage} />;
    case 'done':
      return <Ticket answer={stage.answer} name={stage.name} onNext={props.idle} />;
  }
}

function Idle() {
  return (
    <Panel>
      <Empty title={t('reception.idle', 'Sẵn sàng đón người tiếp theo')}>
        {t(
          'reception.idle.hint',
          'Quét mã QR của thẻ căn cước hoặc thẻ BHYT vào ô ở trên. Không có thẻ: gõ tên và năm sinh, số giấy tờ hoặc điện thoại.',
        )}
      </Empty>
    </Panel>
  );
}

type NewStage = Extract<Stage, { at: 'unsure' | 'new' }>;

function NewPerson({ stage, setStage, idle }: StageProps & { stage: NewStage }) {
  const { resolution, scan } = stage;
  const chosen = (person: PersonLine) => setStage({ at: 'chosen', person, resolution, scan });
  return (
    <Stack gap={16}>
      <Remarks remarks={resolution?.warnings ?? []} />
      <PersonForm
        key={scan}
        from={stage.at === 'new' ? stage.from : stage.resolution.form}
        candidates={resolution?.candidates ?? []}
        onChoose={chosen}
        onCreated={(person) => {
          void refresh(['person', person.id]);
          chosen(person);
        }}
        onCancel={idle}
      />
    </Stack>
  );
}

type ChosenStage = Extract<Stage, { at: 'chosen' }>;

function Chosen({ stage, setStage, idle, focus }: StageProps & { stage: ChosenStage }) {
  const { person, resolution, scan } = stage;
  const banner = useQuery<BannerPerson>(
    ['person', person.id],
    `/api/people/${encodeURIComponent(person.id)}/banner`,
  );
  usePush(`clinic/allergies/${person.id}`, () => refresh(['person', person.id]));
  const mayRecord = hasRole(useMe(), ['doctor', 'nurse', 'station-head']);
  const differences = differencesFor(resolution, person);
  return (
    <Stack gap={16}>
      <Loaded read={banner}>
        {(found) => (
          <PatientBanner person={found} acts={mayRecord && <AllergyButton patient={person.id} />} />
        )}
      </Loaded>
      <Differences
        person={person}
        differences={differences}
        scan={scan}
        onApplied={() => setStage({ ...stage, resolution: resolution && withoutDifferences(resolution) })}
      />
      <Remarks remarks={resolution?.warnings ?? []} />
      <Panel title={t('reception.visit', 'Lượt khám')}>
        <CheckInForm
          person={person}
          identifiedBy={identifiedBy(resolution?.scan ?? null, scan)}
          card={cardOf(resolution?.scan ?? null)}
          onDone={(answer) => {
            setStage({ at: 'done', answer, name: person.name });
            focus();
          }}
          onCancel={idle}
        />
      </Panel>
    </Stack>
  );
}

/** Of the person found for certain, or of the candidate that was chosen. */
function differencesFor(resolution: Resolution | null, person: PersonLine): Resolution['differences'] {
  if (!resolution) return [];
  if (resolution.person?.id === person.id) return resolution.differences;
  return resolution.candidates.find((each) => each.person.id === person.id)?.differences ?? [];
}

function withoutDifferences(resolution: Resolution): Resolution {
  const candidates = resolution.candidates.map((each) => ({ ...each, differences: [] }));
  return { ...resolution, differences: [], candidates };
}

function cardOf(scan: Scan | null): InsuranceCard | null {
  return scan?.kind === 'insurance-card' ? scan : null;
}

/** A card with bars came from its QR; a bare number was typed or read from a bar code. */
function identifiedBy(scan: Scan | null, text: string): IdentifiedBy {
  if (!scan) return 'search';
  if (!text.includes('|')) return 'typed';
  return scan.kind === 'insurance-card' ? 'qr-bhyt' : 'qr-cccd';
}
