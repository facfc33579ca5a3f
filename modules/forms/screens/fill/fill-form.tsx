/** The open form with its person above, its keys below, and what keeps it from being finished. */
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Form, Path } from '../../../../engines/forms/browser.ts';
import {
  ApiFailure,
  api,
  type BannerPerson,
  Button,
  Columns,
  Heading,
  KEYS,
  Notice,
  navigate,
  PatientBanner,
  Row,
  refresh,
  Skeleton,
  Stack,
  Text,
  t,
  toast,
  useKeys,
} from '../../../../web/ui/index.ts';
import { OF_UNIT, type OpenedForm } from '../../contract.ts';
import { versionName } from '../version-name.ts';
import { Asides } from './asides.tsx';
import { FormItem } from './field.tsx';
import { type FormScope, Scope } from './form-scope.ts';
import { focusField } from './keyboard.ts';
import type { LocalCopy } from './local-copy.ts';
import { supplySearches } from './open.ts';
import { DraftConflict, DraftGone, SaveState } from './save-state.tsx';
import { Contents, Sections, sectionsOf } from './sections.tsx';
import { unreadIn } from './unread.ts';
import { type DraftSync, useDraftSync } from './use-draft-sync.ts';
import { unreadWords } from './words.ts';

export interface FillFormProps {
  form: Form;
  opened: OpenedForm;
  patient: string;
  encounter: string;
  /** Response that is amended; '' = a new one. */
  answer: string;
  person: BannerPerson | null;
  seen: number;
  unsaved: boolean;
  readOnly: boolean;
  resumed: ReactNode;
  keepLocal: (copy: LocalCopy) => void;
  dropLocal: () => void;
  /** Opens the form anew, as the server has it. */
  again: () => void;
}

/** Two sections stand in sight together; from three on a table of contents helps. */
const NEEDS_CONTENTS = 3;
const SCROLLS = { overflowY: 'auto', minHeight: 0 } as const;

export function FillForm(props: FillFormProps) {
  const { form, opened } = props;
  const sync = useDraftSync({ ...props, canonical: opened.canonical });
  const finish = useFinish(props, sync);
  const scope = useMemo<FormScope>(
    () => ({
      form,
      Item: FormItem,
      patient: props.patient,
      readOnly: props.readOnly,
      missing: finish.missing,
      previousAt: opened.previous?.authored ?? null,
    }),
    [form, props.patient, props.readOnly, finish.missing, opened.previous],
  );
  useEffect(() => supplySearches(form), [form]);
  useKeys(
    props.readOnly
      ? []
      : [
          { key: KEYS.finish, label: t('forms.finish', 'Hoàn tất'), run: finish.run, disabled: finish.busy },
          { key: 'Ctrl+S', label: t('forms.save-now', 'Ghi nháp'), run: () => void sync.save() },
        ],
  );
  const withContents = useMemo(
    () => form.entryMode === 'random' && sectionsOf(form).length >= NEEDS_CONTENTS,
    [form],
  );
  return (
    <Scope value={scope}>
      <Above {...props} sync={sync} finish={finish} />
      <Columns widths={withContents ? ['200px', '1fr'] : ['1fr']} fill>
        {withContents && <Contents />}
        <Stack gap={12} style={SCROLLS}>
          <States {...props} sync={sync} finish={finish} />
          <Sections onLast={finish.point} takesFocus={!props.readOnly} />
        </Stack>
      </Columns>
    </Scope>
  );
}

interface Finishing {
  missing: ReadonlyMap<Path, string>;
  /** In the order of the form. */
  faults: readonly { field: Path; text: string; label: string }[];
  failure: ApiFailure | null;
  busy: boolean;
  run: () => void;
  /** Enter in the last field: the focus goes to the button that finishes. */
  point: () => void;
  button: React.RefObject<HTMLDivElement | null>;
}

function useFinish(props: FillFormProps, sync: DraftSync): Finishing {
  const { form, opened, patient, encounter, answer } = props;
  const [faults, setFaults] = useState<Finishing['faults']>([]);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLDivElement>(null);
  // The same each time: that a draft was saved draws no section anew.
  const point = useCallback(() => button.current?.querySelector('button')?.focus(), []);
  const missing = useMemo(() => missingOf(faults, form), [faults, form]);
  const send = async () => {
    const unread = unreadIn(document, form).map(({ field, text }) => ({ field, text: unreadWords(text) }));
    const wrong = form.issues(true).filter(({ severity }) => severity === 'error');
    const found = [...unread, ...wrong.filter(({ field }) => !unread.some((one) => one.field === field))];
    setFaults(found.map(({ field, text }) => ({ field, text, label: form.read(field)?.text ?? '' })));
    setFailure(null);
    if (found[0]) return focusField(found[0].field);
    setBusy(true);
    try {
      const response = form.response(answer === '' ? 'completed' : 'amended');
      const body = { form: opened.canonical, patient, encounter, response };
      const done =
        answer === ''
          ? await api.post<{ id: string }>('/api/forms/answers', body)
          : await api.put<{ id: string }>(`/api/forms/answers/${answer}`, body, {
              ifMatch: opened.answerVersion ?? 0,
            });
      sync.end();
      props.dropLocal();
      toast(t('forms.finished', 'Đã ghi phiếu vào hồ sơ'));
      void refresh(['forms']);
      void refresh(['timeline', patient]);
      navigate(`/phieu/${done.id}`);
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error)));
    } finally {
      setBusy(false);
    }
  };
  return {
    missing,
    faults,
    failure,
    busy,
    run: () => void send(),
    point,
    button,
  };
}

/** What is said at each field after somebody tried to finish; '' where the field itself says it for as long as it is so. */
function missingOf(faults: Finishing['faults'], form: Form): ReadonlyMap<Path, string> {
  const isOwn = (field: Path, text: string) =>
    form.read(field)?.issues.some((one) => one.text === text) === true;
  return new Map(faults.map(({ field, text }) => [field, isOwn(field, text) ? '' : text]));
}

type WithStates = FillFormProps & { sync: DraftSync; finish: Finishing };

function Above(props: WithStates) {
  const { sync, finish, person } = props;
  const acts = !props.readOnly && (
    <Row gap={8}>
      <SaveState sync={sync} />
      <div ref={finish.button}>
        <Button kind="primary" busy={finish.busy} onPress={finish.run}>
          {t('forms.finish', 'Hoàn tất')}
        </Button>
      </div>
    </Row>
  );
  if (person) return <PatientBanner person={person} acts={acts} />;
  return (
    <Row gap={8} spread wrap>
      {props.patient === OF_UNIT ? (
        <Text tone="soft">{t('forms.of-unit', 'Phiếu của đơn vị')}</Text>
      ) : (
        <Skeleton lines={1} />
      )}
      {acts}
    </Row>
  );
}

/** What of the record helps to answer the form as a whole. */
function FormAsides({ form }: { form: Form }) {
  const subscribe = useCallback((listener: () => void) => form.onChange(listener), [form]);
  const read = useCallback(() => form.asides, [form]);
  return <Asides asides={useSyncExternalStore(subscribe, read, read)} />;
}

function States(props: WithStates) {
  const { opened, sync, finish, form } = props;
  const current = sync.conflict?.current;
  const startOver = async () => {
    sync.end();
    const gone = new URLSearchParams({
      form: opened.canonical,
      patient: props.patient,
      answer: props.answer,
    });
    await api.remove(`/api/forms/drafts?${gone}`).catch(() => undefined);
    props.dropLocal();
    props.again();
  };
  return (
    <>
      <Row gap={8} wrap>
        <Heading level={2} size={20}>
          {opened.form.title ?? ''}
        </Heading>
        {props.resumed}
        {props.resumed && (
          <Button kind="quiet" small onPress={() => void startOver()}>
            {t('forms.start-over', 'Bỏ nháp, làm lại từ đầu')}
          </Button>
        )}
      </Row>
      {opened.form.description && <Text tone="soft">{opened.form.description}</Text>}
      {form.asides.length > 0 && <FormAsides form={form} />}
      {opened.newer && (
        <Notice
          tone="info"
          title={t(
            'forms.newer',
            'Phiếu này tiếp tục theo phiên bản {old} lúc bắt đầu; từ {new} có phiên bản mới.',
            {
              old: versionName(opened.form.version ?? ''),
              new: versionName(opened.newer),
            },
          )}
        />
      )}
      {finish.failure && (
        <Notice tone="danger" title={finish.failure.message}>
          {finish.failure.issues.slice(1).map((issue) => (
            <div key={`${issue.expression} ${issue.text}`}>{issue.text}</div>
          ))}
        </Notice>
      )}
      <Faults faults={finish.faults} />
      {current && (
        <DraftConflict
          form={opened.form}
          mine={form.response('in-progress')}
          theirs={current}
          onMine={sync.keepMine}
          onTheirs={() => {
            sync.end();
            props.dropLocal();
            props.again();
          }}
        />
      )}
      {sync.conflict && !current && (
        <DraftGone
          onKeep={sync.keepMine}
          onLeave={() => {
            sync.end();
            props.dropLocal();
            navigate(`/bieu-mau?nguoi=${encodeURIComponent(props.patient)}`);
          }}
        />
      )}
    </>
  );
}

function Faults({ faults }: { faults: Finishing['faults'] }) {
  if (faults.length === 0) return null;
  return (
    <div className="yb-summary" role="alert">
      <strong>{t('forms.faults', 'Còn {n} chỗ cần sửa:', { n: faults.length })}</strong>
      <ul>
        {faults.map(({ field, text, label }) => (
          <li key={`${field} ${text}`}>
            <button type="button" onClick={() => focusField(field)}>
              {label}: {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
