/** The desk of a session: one field takes the card, the vials and the temperature; Ctrl+Enter says "fit, given", and the next may come. */
import { useRef, useState } from 'react';
import {
  api,
  Badge,
  Button,
  CodeCamera,
  Columns,
  Dialog,
  Empty,
  formatAge,
  formatDate,
  formatTime,
  Heading,
  KEYS,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  ScanInput,
  type ScreenProps,
  Stack,
  Text,
  t,
  useKeys,
} from '../../../web/ui/index.ts';
import { useChoices } from './choices.ts';
import { type DeskDose, type DeskPerson, doseOf, kindOf, personOf } from './desk-work.ts';
import { NotGivenForm } from './not-given-form.tsx';
import { WatchPanel } from './watch-panel.tsx';

interface At {
  person: DeskPerson | null;
  doses: DeskDose[];
  temperature: number | null;
  /** Another card came before this person was saved: vials may be of either, so none is taken. */
  unsaved: boolean;
}

const NOBODY: At = { person: null, doses: [], temperature: null, unsaved: false };

const unsaved = () =>
  new Error(t('programmes.desk.unsaved', 'Người trước chưa lưu: bấm Ctrl+Enter hoặc Bỏ, rồi quét lại thẻ.'));

export default function DeskScreen({ params }: ScreenProps) {
  const programme = params.key ?? '';
  const [at, setAt] = useState<At>(NOBODY);
  // Scans follow each other faster than the screen is drawn.
  const now = useRef<At>(NOBODY);
  const [error, setError] = useState('');
  const [done, setDone] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const put = (next: At) => {
    now.current = next;
    setAt(next);
  };
  /** One after the other, in the order in which they came. */
  const attempt = (work: () => Promise<void>): Promise<boolean> => {
    const mine = turn.current.then(async () => {
      setError('');
      try {
        await work();
        return true;
      } catch (failure) {
        setError(failure instanceof Error ? failure.message : String(failure));
        return false;
      }
    });
    turn.current = mine;
    return mine;
  };
  const onRead = (text: string) =>
    attempt(async () => {
      const read = kindOf(text);
      if (read.kind === 'card') {
        if (now.current.doses.length > 0) {
          put({ ...now.current, unsaved: true });
          throw unsaved();
        }
        setDone('');
        put(NOBODY);
        put({ ...NOBODY, person: await personOf(programme, read.text) });
        return;
      }
      const { person } = now.current;
      if (person === null)
        throw new Error(t('programmes.desk.card-first', 'Quét thẻ của người được tiêm trước.'));
      if (now.current.unsaved) throw unsaved();
      if (read.kind === 'temperature') put({ ...now.current, temperature: read.degrees });
      else {
        const dose = await doseOf(read.code, person, now.current.doses);
        put({ ...now.current, doses: [...now.current.doses, dose] });
      }
    });
  const save = async () => {
    setBusy(true);
    await attempt(async () => {
      const { person, temperature } = now.current;
      if (person === null) return;
      if (temperature === null)
        throw new Error(t('programmes.desk.temperature', 'Đo thân nhiệt rồi gõ vào ô quét.'));
      if (now.current.doses.length === 0)
        throw new Error(t('programmes.desk.no-vial', 'Quét lọ vắc xin trước khi lưu.'));
      let until = '';
      while (now.current.doses.length > 0) {
        const [{ title: _, ...dose }, ...others] = now.current.doses as [DeskDose, ...DeskDose[]];
        const path = `/api/programmes/${programme}/people/${encodeURIComponent(person.patient)}/doses`;
        const given = await api.post<{ watchUntil: string }>(path, {
          ...dose,
          site: '',
          isFit: true,
          temperature,
        });
        until = given.watchUntil;
        // What is written is off the list, so that nothing is written twice after a fault.
        put({ ...now.current, doses: others });
      }
      setDone(
        t('programmes.desk.done', '{name}: đã lưu, theo dõi đến {time}', {
          name: person.name,
          time: formatTime(until),
        }),
      );
      put(NOBODY);
      void refresh(['programmes', 'watch']);
    });
    setBusy(false);
  };
  useKeys([
    { key: KEYS.finish, label: t('programmes.desk.save', 'Đủ điều kiện, đã tiêm'), run: () => void save() },
    {
      key: KEYS.next,
      label: t('programmes.not-given.open', 'Không tiêm…'),
      run: () => setRefusing(at.person !== null),
    },
  ]);
  return (
    <Page title={t('programmes.desk', 'Bàn tiêm')}>
      <Columns widths={['7fr', '5fr']}>
        <Panel>
          <Stack gap={16}>
            <ScanInput
              autoFocus
              label={t('programmes.desk.scan', 'Quét thẻ, rồi quét từng lọ và gõ thân nhiệt')}
              hint={t(
                'programmes.desk.hint',
                'Thẻ công dân, thẻ bảo hiểm, thẻ Y Bạ; mã trên lọ; 36,8 Enter; xong bấm Ctrl+Enter',
              )}
              onRead={async (text) => {
                await onRead(text);
                // A scan that failed is scanned again: left in the field it would run together with the next.
                return true;
              }}
            />
            <CodeCamera onRead={(text) => void onRead(text)} />
            {error && <Notice tone="danger" title={error} />}
            {done && <Notice tone="done" title={done} />}
            {at.person ? (
              <Person
                at={at}
                person={at.person}
                busy={busy}
                onSave={() => void save()}
                onRefuse={() => setRefusing(true)}
                onDrop={() => put(NOBODY)}
              />
            ) : (
              <Empty title={t('programmes.desk.ready', 'Sẵn sàng: quét thẻ người tiếp theo')}>
                {t('programmes.desk.ready-hint', 'Mũi cần tiêm hôm nay hiện ra ngay sau khi quét thẻ.')}
              </Empty>
            )}
          </Stack>
        </Panel>
        <WatchPanel />
      </Columns>
      <Dialog
        title={t('programmes.not-given', 'Không tiêm')}
        opened={refusing}
        onClose={() => setRefusing(false)}
      >
        {refusing && at.person && (
          <NotGivenForm
            programme={programme}
            patient={at.person.patient}
            product={at.person.due[0]?.product ?? ''}
            onDone={() => {
              setRefusing(false);
              put(NOBODY);
            }}
          />
        )}
      </Dialog>
    </Page>
  );
}

function Person(props: {
  at: At;
  person: DeskPerson;
  busy: boolean;
  onSave: () => void;
  onRefuse: () => void;
  onDrop: () => void;
}) {
  const { at, person } = props;
  return (
    <Stack gap={12}>
      <Row gap={12} wrap>
        <Heading level={2}>{person.name}</Heading>
        {person.birth && <Text>{formatAge(person.birth)}</Text>}
        <Temperature degrees={at.temperature} />
      </Row>
      {person.due.length === 0 && (
        <Notice tone="look" title={t('programmes.desk.nothing-due', 'Hôm nay không có mũi nào cần tiêm')} />
      )}
      {person.due.map((task) => {
        const dose = at.doses.find(({ product }) => product === task.product);
        return (
          <Row key={task.key} gap={8} wrap>
            <Badge tone={dose ? 'done' : 'neutral'}>
              {dose
                ? t('programmes.desk.lot', 'lô {lot}, hạn {expires}', {
                    lot: dose.lot,
                    expires: formatDate(dose.expires),
                  })
                : t('programmes.desk.wanted', 'chưa quét lọ')}
            </Badge>
            <Text>{task.title}</Text>
          </Row>
        );
      })}
      <Row gap={8} wrap>
        <Button kind="primary" busy={props.busy} onPress={props.onSave}>
          {t('programmes.desk.save', 'Đủ điều kiện, đã tiêm')}
        </Button>
        <Button disabled={person.due.length === 0} onPress={props.onRefuse}>
          {t('programmes.not-given.open', 'Không tiêm…')}
        </Button>
        <Button onPress={props.onDrop}>{t('programmes.desk.drop', 'Bỏ')}</Button>
      </Row>
    </Stack>
  );
}

/** At a temperature at which a dose is put off the word stands there before anybody opens a vial. */
function Temperature({ degrees }: { degrees: number | null }) {
  const fit = useChoices().data?.fit ?? null;
  if (degrees === null)
    return <Badge tone="look">{t('programmes.desk.no-temperature', 'chưa đo thân nhiệt')}</Badge>;
  const isPutOff = fit !== null && (degrees <= fit.above || degrees >= fit.below);
  const words = `${degrees.toLocaleString('vi-VN')} °C`;
  return (
    <Badge tone={isPutOff ? 'danger' : 'info'}>
      {isPutOff ? t('programmes.desk.put-off', '{words}: hoãn tiêm', { words }) : words}
    </Badge>
  );
}
