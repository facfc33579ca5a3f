/** Filling in a form: of whom, which version, and everything typed kept until it is finished. */
import { memo, useCallback, useEffect, useMemo, useState } from 'react';
import type { Form } from '../../../engines/forms/browser.ts';
import type { QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import {
  ApiFailure,
  api,
  Badge,
  type BannerPerson,
  Failed,
  formatDateTime,
  hasRole,
  Loaded,
  Page,
  PatientBanner,
  readAlready,
  type ScreenProps,
  Skeleton,
  t,
  useDraft,
  useMe,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { OF_UNIT, type OpenedForm } from '../contract.ts';
import { ChoosePerson } from './choose-person.tsx';
import { FillForm } from './fill/fill-form.tsx';
import { type LocalCopy, resume } from './fill/local-copy.ts';
import { namesValueSets, openFilled, type ValueSets, valueSetsOf } from './fill/open.ts';
import { DraftConflict } from './fill/save-state.tsx';
import { openingAddress } from './opening.ts';
import './fill/fill.css';

export default function FillScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const [patient, setPatient] = useUrlState('nguoi');
  const [encounter] = useUrlState('luot');
  const [answer] = useUrlState('sua');
  const title = t('forms.fill', 'Điền phiếu');
  if (patient === '')
    return (
      <Page title={title} narrow>
        <ChoosePerson onChoose={setPatient} />
      </Page>
    );
  return <OfPerson key={`${key} ${patient} ${answer}`} {...{ formKey: key, patient, encounter, answer }} />;
}

interface Asked {
  formKey: string;
  patient: string;
  encounter: string;
  answer: string;
}

/** What was read, once: reading it again would take the form away from under the typing. */
interface Ready {
  opened: OpenedForm;
  sets: ValueSets;
}

function OfPerson(asked: Asked) {
  const { formKey, patient, encounter, answer } = asked;
  const local = useDraft<LocalCopy | null>(`form.${formKey}.${patient}.${answer}`, null);
  const version = local.value?.unsaved ? local.value.form.slice(local.value.form.lastIndexOf('|') + 1) : '';
  const address = openingAddress({ key: formKey, patient, encounter, answer, version });
  // What was read while the page was loading; only a form with lists of the server's still waits for those.
  const [early] = useState(() => readAlready<OpenedForm>(address));
  const [ready, setReady] = useState<Ready | null>(() =>
    early && !namesValueSets(early.form) ? { opened: early, sets: new Map() } : null,
  );
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, and again only when asked to
  useEffect(() => {
    if (ready) return;
    const abort = new AbortController();
    setFailure(null);
    const read =
      early && round === 0 ? Promise.resolve(early) : api.get<OpenedForm>(address, { signal: abort.signal });
    read
      .then(async (opened) => setReady({ opened, sets: await valueSetsOf(opened.form) }))
      .catch((error) => !abort.signal.aborted && error instanceof ApiFailure && setFailure(error));
    return () => abort.abort();
  }, [round]);
  const person = useQuery<BannerPerson>(
    ['person', patient],
    patient === OF_UNIT ? null : `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  const again = useCallback(() => {
    setReady(null);
    setRound((now) => now + 1);
  }, []);
  const title = ready?.opened.form.title ?? t('forms.fill', 'Điền phiếu');
  return (
    <Page title={title} hideTitle fill>
      {failure && (
        <>
          {patient !== OF_UNIT && (
            <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
          )}
          <Failed failure={failure} onRetry={again} />
        </>
      )}
      {!failure && !ready && <Skeleton lines={12} />}
      {!failure && ready && (
        <Resuming
          key={round}
          ready={ready}
          asked={asked}
          copy={local.value}
          person={person.data ?? null}
          keepLocal={local.set}
          dropLocal={local.done}
          again={again}
        />
      )}
    </Page>
  );
}

interface ResumingProps {
  ready: Ready;
  asked: Asked;
  copy: LocalCopy | null;
  person: BannerPerson | null;
  keepLocal: (copy: LocalCopy) => void;
  dropLocal: () => void;
  again: () => void;
}

/**
 * How the form begins: as populated, from a draft, or by the choice between two. The copy in this browser counts once, when the form
 * is opened: that it is written while one types draws nothing anew.
 */
const Resuming = memo(ResumedForm, (a, b) => a.ready === b.ready && a.person === b.person);

function ResumedForm(props: ResumingProps) {
  const { opened, sets } = props.ready;
  const [plan] = useState(() => resume(opened.canonical, opened.draft, props.copy));
  const [chosen, setChosen] = useState<{ response: QuestionnaireResponse; mine: boolean } | null>(() => {
    if (plan.with === 'both') return null;
    if (plan.with === 'local') return { response: plan.copy.response, mine: true };
    return { response: plan.with === 'server' ? plan.draft.response : opened.start, mine: false };
  });
  const form = useMemo<Form | null>(
    () => chosen && openFilled(opened, chosen.response, sets),
    [chosen, opened, sets],
  );
  const mayFill = hasRole(useMe(), ['doctor', 'nurse', 'station-head', 'surveillance']);
  if (plan.with === 'both' && !chosen)
    return (
      <DraftConflict
        form={opened.form}
        mine={plan.copy.response}
        theirs={plan.draft}
        onMine={() => setChosen({ response: plan.copy.response, mine: true })}
        onTheirs={() => setChosen({ response: plan.draft.response, mine: false })}
      />
    );
  if (!form || !chosen) return null;
  return (
    <FillForm
      form={form}
      opened={opened}
      patient={props.asked.patient}
      encounter={props.asked.encounter}
      answer={props.asked.answer}
      person={props.person}
      seen={opened.draft?.version ?? 0}
      unsaved={chosen.mine}
      readOnly={!mayFill}
      keepLocal={props.keepLocal}
      dropLocal={props.dropLocal}
      again={props.again}
      resumed={
        plan.with === 'start' ? null : (
          <Badge tone="info">
            {plan.with === 'local'
              ? t('forms.resumed-here', 'Mở lại phần gõ dở trong máy này')
              : t('forms.resumed', 'Mở lại bản nháp {at} ({place})', {
                  at: formatDateTime(plan.draft.savedAt),
                  place: plan.draft.place,
                })}
          </Badge>
        )
      }
    />
  );
}
