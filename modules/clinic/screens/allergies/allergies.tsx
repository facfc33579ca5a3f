/** What is known of a person's allergies, and the form to record one: by keyboard, pushed, both versions in a conflict. */
import { useState } from 'react';
import {
  type ApiFailure,
  api,
  Badge,
  Button,
  Dialog,
  Divider,
  Facts,
  formatDate,
  Grow,
  Loaded,
  Notice,
  Row,
  refresh,
  Stack,
  Text,
  t,
  toast,
  useMutation,
  usePush,
  useQuery,
} from '../../../../web/ui/index.ts';
import type { AllergiesView, AllergyInput, AllergyRow } from '../../contract.ts';
import { AllergyForm } from './form.tsx';
import { categoryWord, comparedFields, criticalityWord } from './words.ts';

export function Allergies(props: { patient: string }) {
  const { patient } = props;
  const at = `/api/clinic/people/${encodeURIComponent(patient)}/allergies`;
  const read = useQuery<AllergiesView>(['allergies', patient], at);
  usePush(`clinic/allergies/${patient}`, () => refresh(['allergies', patient]));
  return <Loaded read={read}>{(view) => <Known view={view} at={at} />}</Loaded>;
}

/** The screens around show the banner and the visit: they read again, too. */
function tellAround(patient: string): void {
  for (const key of [['allergies', patient], ['person', patient], ['visit']]) void refresh(key);
}

function Known(props: { view: AllergiesView; at: string }) {
  const { view, at } = props;
  const [changing, setChanging] = useState<AllergyRow | null>(null);
  const [recorded, setRecorded] = useState(0);
  const done = () => {
    setChanging(null);
    setRecorded((count) => count + 1);
    tellAround(view.patient);
  };
  return (
    <Stack gap={16}>
      {view.state === 'some' ? (
        <Stack gap={12}>
          {view.rows.map((row) => (
            <Line key={row.id} row={row} view={view} at={at} onChange={() => setChanging(row)} />
          ))}
        </Stack>
      ) : (
        <NoneYet view={view} at={at} />
      )}
      <Text size={13} tone="soft">
        {t(
          'clinic.allergies.hidden',
          'Phần mà người dân hạn chế không hiện ở đây. Câu này có ở mọi hồ sơ; hãy hỏi lại trước khi cho thuốc.',
        )}
      </Text>
      <Divider />
      <AllergyForm
        key={`${changing?.id ?? 'new'}.${recorded}`}
        patient={view.patient}
        row={changing}
        onDone={done}
        onCancel={changing ? () => setChanging(null) : null}
      />
    </Stack>
  );
}

/** Nobody asked yet, or asked and none: said apart, because they are not the same. */
function NoneYet(props: { view: AllergiesView; at: string }) {
  const { view, at } = props;
  const say = useMutation(() => api.post<AllergiesView>(`${at}/none`, {}));
  const remove = useRemoval(at, view);
  const none = view.none;
  const again = () => tellAround(view.patient);
  const press = () => void say.run(undefined).then(again, again);
  return (
    <Stack gap={8}>
      {say.error && <Notice tone="danger" title={say.error.message} />}
      {remove.error && <Notice tone="danger" title={remove.error.message} />}
      {none ? (
        <Row gap={8} wrap>
          <Badge tone="done">{t('clinic.allergies.none', 'Không có dị ứng đã biết')}</Badge>
          <Text size={13} tone="soft">
            {recordedWords(none)}
          </Text>
          <Grow />
          <Button kind="quiet" small busy={remove.busy} onPress={() => remove.run(none)}>
            {t('clinic.allergies.remove', 'Gỡ, vì ghi nhầm')}
          </Button>
        </Row>
      ) : (
        <Row gap={8} wrap>
          <Badge tone="look">{t('clinic.allergies.unasked', 'Chưa hỏi')}</Badge>
          <Grow />
          <Button keys="Alt+0" busy={say.busy} onPress={press}>
            {t('clinic.allergies.say-none', 'Đã hỏi, không có dị ứng')}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function Line(props: { row: AllergyRow; view: AllergiesView; at: string; onChange: () => void }) {
  const { row, at } = props;
  const { input } = row;
  const remove = useRemoval(at, props.view);
  const facts = [
    categoryWord(input.category),
    input.reaction,
    input.onset && t('clinic.allergies.since', 'từ {date}', { date: formatDate(input.onset) }),
  ].filter(Boolean);
  return (
    <Stack gap={4}>
      {remove.error && <Notice tone="danger" title={remove.error.message} />}
      <Row gap={8} wrap>
        <Text strong>{input.text}</Text>
        {input.criticality && (
          <Badge tone={input.criticality === 'high' ? 'danger' : 'neutral'}>
            {criticalityWord(input.criticality)}
          </Badge>
        )}
        <Grow />
        <Button
          kind="quiet"
          small
          label={t('clinic.allergies.change-of', 'Sửa {name}', { name: input.text })}
          onPress={props.onChange}
        >
          {t('clinic.allergies.change-short', 'Sửa')}
        </Button>
        <Button
          kind="quiet"
          small
          busy={remove.busy}
          label={t('clinic.allergies.remove-of', 'Gỡ {name}, vì ghi nhầm', { name: input.text })}
          onPress={() => remove.run(row)}
        >
          {t('clinic.allergies.remove-short', 'Gỡ')}
        </Button>
      </Row>
      <Text size={13}>{facts.join(' · ')}</Text>
      <Text size={13} tone="soft">
        {recordedWords(row)}
      </Text>
      {remove.theirs && (
        <RemovalConflict
          seen={input}
          theirs={remove.theirs}
          onClose={remove.dismiss}
          onRemove={(over) => remove.run(over)}
        />
      )}
    </Stack>
  );
}

function recordedWords(one: { recordedAt: string; recordedBy: string }): string {
  return t('clinic.allergies.recorded', 'Ghi {date} {name}', {
    date: formatDate(one.recordedAt),
    name: one.recordedBy,
  }).trim();
}

interface Removal {
  run: (what: { id: string; version: number }) => void;
  busy: boolean;
  /** Why it was refused, unless somebody else wrote first. */
  error: ApiFailure | null;
  /** The version that somebody else left. */
  theirs: AllergyRow | null;
  dismiss: () => void;
}

function useRemoval(at: string, view: AllergiesView): Removal {
  const act = useMutation((what: { id: string; version: number }) =>
    api.post<AllergiesView>(`${at}/${encodeURIComponent(what.id)}/remove`, {}, { ifMatch: what.version }),
  );
  const theirs = (act.error?.details as { current?: AllergyRow } | null)?.current;
  const conflict = act.error?.conflict && theirs ? theirs : null;
  const run = (what: { id: string; version: number }) =>
    void act.run(what).then(
      () => {
        tellAround(view.patient);
        toast(t('clinic.allergies.removed', 'Đã gỡ dòng ghi nhầm'));
      },
      () => undefined,
    );
  return { run, busy: act.busy, error: conflict ? null : act.error, theirs: conflict, dismiss: act.reset };
}

/** Somebody changed the line that was to be removed: both versions, and the choice to remove the newer one or to keep it. */
function RemovalConflict(props: {
  seen: AllergyInput;
  theirs: AllergyRow;
  onRemove: (over: AllergyRow) => void;
  onClose: () => void;
}) {
  const { theirs } = props;
  const factsOf = (input: AllergyInput) =>
    comparedFields().map((field): [string, React.ReactNode] => [
      field.label,
      field.draw ? field.draw(input) : input.text,
    ]);
  return (
    <Dialog
      title={t('clinic.allergies.conflict', 'Hai bản của một dị ứng')}
      opened
      onClose={props.onClose}
      acts={
        <>
          <Button onPress={() => props.onRemove(theirs)}>
            {t('clinic.allergies.remove-theirs', 'Vẫn gỡ bản mới')}
          </Button>
          <Button kind="primary" autoFocus onPress={props.onClose}>
            {t('clinic.allergies.keep', 'Giữ lại')}
          </Button>
        </>
      }
    >
      <Stack gap={12}>
        <Notice
          tone="look"
          title={t('clinic.allergies.changed', 'Người khác vừa sửa dòng này. Chưa gỡ gì.')}
        />
        <Text strong>{t('clinic.allergies.seen', 'Bản bạn đã xem')}</Text>
        <Facts items={factsOf(props.seen)} />
        <Text strong>{t('clinic.allergies.now', 'Bản đang có')}</Text>
        <Facts items={factsOf(theirs.input)} />
      </Stack>
    </Dialog>
  );
}
