/** A person in a programme: the standing, computed here by the same function as on the server; doses, calls, targets, steps. */
import { useState } from 'react';
import {
  type Course,
  type CourseTask,
  courseOf,
  dayOf,
  dayText,
  type Facts,
  type Product,
  type Programme,
} from '../../../engines/programmes/browser.ts';
import {
  api,
  Badge,
  type BannerPerson,
  Button,
  ButtonLink,
  Columns,
  Dialog,
  formatDate,
  Loaded,
  Notice,
  Page,
  Panel,
  PatientBanner,
  Row,
  refresh,
  type ScreenProps,
  Stack,
  Table,
  Text,
  t,
  toast,
  useMe,
  useMutation,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import { CallForm } from './call-form.tsx';
import { MistakenDialog } from './dose-acts.tsx';
import { DoseForm } from './dose-form.tsx';
import { ReactionForm } from './reaction-form.tsx';
import { SeriesPanel } from './series-panel.tsx';
import { SharedPanel } from './shared-panel.tsx';
import { Steps } from './steps.tsx';
import { callWord, stateWord } from './words.ts';

interface PersonRead {
  facts: Facts;
  programme: Programme;
  products: Product[];
  name: string;
  day: string;
}

export default function PersonScreen({ params }: ScreenProps) {
  const { key = '', patient = '' } = params;
  const at = encodeURIComponent(patient);
  const me = useMe();
  const person = useQuery<BannerPerson>(['person', patient], `/api/people/${at}/banner`);
  const read = useQuery<PersonRead>(
    ['programmes', key, 'person', patient],
    `/api/programmes/${key}/people/${at}`,
  );
  usePush(me.unit ? `programmes/${me.unit}` : null, () => refresh(['programmes', key, 'person', patient]));
  return (
    <Page title={t('programmes.person', 'Theo dõi một người')} hideTitle>
      <Loaded read={person}>{(found) => <PatientBanner person={found} />}</Loaded>
      <Loaded read={read}>{(found) => <Standing read={found} patient={patient} />}</Loaded>
    </Page>
  );
}

function Standing({ read, patient }: { read: PersonRead; patient: string }) {
  const { programme, facts } = read;
  const products = new Map(read.products.map((one) => [one.code, one]));
  const course = courseOf({ programme, products }, facts, dayOf(read.day)!);
  const [giving, setGiving] = useState<CourseTask | 'any' | null>(null);
  const [calling, setCalling] = useState(false);
  const [reacted, setReacted] = useState<string | null>(null);
  const [mistaken, setMistaken] = useState<string | null>(null);
  const hasDoses = programme.series.length > 0;
  return (
    <Stack gap={16}>
      <Panel
        title={programme.title}
        beside={
          <Badge tone={course.membership.state === 'enrolled' ? 'done' : 'neutral'}>
            {stateWord(course.membership.state)}
          </Badge>
        }
      >
        <Stack gap={12}>
          <Row gap={8} wrap>
            {course.membership.state === 'proposed' && (
              <EnrolButton programme={programme.key} patient={patient} />
            )}
            <Button onPress={() => setCalling(true)}>{t('programmes.call', 'Ghi cuộc gọi')}</Button>
            {hasDoses && (
              <ButtonLink to={`/mui-tiem-noi-khac/${encodeURIComponent(patient)}`}>
                {t('programmes.link', 'Mũi tiêm ở nơi khác')}
              </ButtonLink>
            )}
            {hasDoses && (
              <Button kind="primary" onPress={() => setGiving('any')}>
                {t('programmes.dose', 'Ghi mũi tiêm')}
              </Button>
            )}
            {!hasDoses && (
              <ButtonLink to={`/cap-thuoc/${encodeURIComponent(patient)}`}>
                {t('programmes.hand-out', 'Cấp thuốc')}
              </ButtonLink>
            )}
          </Row>
          <Summary course={course} programme={programme} patient={patient} />
        </Stack>
      </Panel>
      <Columns widths={['7fr', '5fr']}>
        <Stack gap={16}>
          {hasDoses && (
            <SeriesPanel
              course={course}
              products={products}
              onReaction={setReacted}
              onMistaken={setMistaken}
            />
          )}
          {course.acts.length > 0 && <Acts course={course} />}
        </Stack>
        <Stack gap={16}>
          <Tasks course={course} patient={patient} onGive={setGiving} />
          {hasDoses && <SharedPanel patient={patient} />}
        </Stack>
      </Columns>
      <Dialog
        title={t('programmes.dose', 'Ghi mũi tiêm')}
        opened={giving !== null}
        onClose={() => setGiving(null)}
        width={620}
      >
        {giving && (
          <DoseForm
            programme={programme.key}
            patient={patient}
            products={read.products}
            product={
              giving === 'any'
                ? (course.tasks.find((task) => task.product)?.product ?? '')
                : (giving.product ?? '')
            }
            onDone={() => setGiving(null)}
          />
        )}
      </Dialog>
      <Dialog
        title={t('programmes.reaction', 'Phản ứng sau tiêm')}
        opened={reacted !== null}
        onClose={() => setReacted(null)}
        width={620}
      >
        {reacted && <ReactionForm dose={reacted} onDone={() => setReacted(null)} />}
      </Dialog>
      <MistakenDialog dose={mistaken} onClose={() => setMistaken(null)} />
      <Dialog
        title={t('programmes.call.of', 'Cuộc gọi cho {name}', { name: read.name })}
        opened={calling}
        onClose={() => setCalling(false)}
      >
        <CallForm programme={programme.key} patient={patient} onDone={() => setCalling(false)} />
      </Dialog>
    </Stack>
  );
}

/** Who fits and is not followed yet is enrolled where their name was opened. */
function EnrolButton({ programme, patient }: { programme: string; patient: string }) {
  const enrol = useMutation(
    () => api.post(`/api/programmes/${programme}/people/${encodeURIComponent(patient)}/enrol`, {}),
    {
      refreshes: [['programmes']],
      onDone: () => toast(t('programmes.enrolled', 'Đã ghi danh')),
    },
  );
  return (
    <>
      <Button
        kind="primary"
        busy={enrol.busy}
        onPress={() => void enrol.run(undefined).catch(() => undefined)}
      >
        {t('programmes.enrol', 'Ghi danh')}
      </Button>
      {enrol.error && <Notice tone="danger" title={enrol.error.message} />}
    </>
  );
}

function Summary(props: { course: Course; programme: Programme; patient: string }) {
  const { course, programme } = props;
  const { silence, advice, targets } = course;
  const anchors = programme.anchors.filter(({ key }) => course.anchors[key] != null);
  return (
    <Stack gap={8}>
      {course.membership.reason && <Text tone="soft">{course.membership.reason}</Text>}
      {silence && (
        <Notice
          tone="look"
          title={t('programmes.silent', '{reason} từ {day}: không nhắc nữa', {
            reason: callWord(silence.reason),
            day: formatDate(dayText(silence.since)),
          })}
        />
      )}
      {anchors.length > 0 && (
        <Row gap={12} wrap>
          {anchors.map(({ key, title }) => (
            <Text key={key}>{`${title}: ${formatDate(dayText(course.anchors[key]!))}`}</Text>
          ))}
        </Row>
      )}
      {targets.map(({ key, text, met }) => (
        <Row key={key} gap={8}>
          <Text>{text}</Text>
          <Badge tone={met === true ? 'done' : met === false ? 'look' : 'neutral'}>
            {met === true
              ? t('programmes.met.yes', 'đạt')
              : met === false
                ? t('programmes.met.no', 'chưa đạt')
                : t('programmes.met.unknown', 'chưa có số đo')}
          </Badge>
        </Row>
      ))}
      {advice.length > 0 && <Steps programme={programme.key} patient={props.patient} advice={advice} />}
    </Stack>
  );
}

function Tasks(props: { course: Course; patient: string; onGive: (task: CourseTask) => void }) {
  const { course, patient, onGive } = props;
  return (
    <Panel title={t('programmes.tasks', 'Việc sắp tới')} flush>
      <Table
        label={t('programmes.tasks', 'Việc sắp tới')}
        rows={course.tasks}
        rowKey={(task) => task.key}
        tone={(task) => (task.overdue < course.day ? 'look' : undefined)}
        empty={
          <Stack style={{ padding: '0 16px 16px' }}>
            <Text tone="soft">{t('programmes.tasks.none', 'Không còn việc nào.')}</Text>
          </Stack>
        }
        columns={[
          {
            key: 'title',
            title: t('programmes.col.task', 'Việc cần làm'),
            narrow: 12,
            draw: (task) => (
              <Stack gap={0}>
                <Text>{task.title}</Text>
                <Text size={12} tone="soft">
                  {task.reason}
                </Text>
              </Stack>
            ),
          },
          {
            key: 'due',
            title: t('programmes.col.due', 'Hạn'),
            narrow: 6,
            draw: (task) => (
              <Stack gap={0}>
                <Text>{formatDate(dayText(task.due))}</Text>
                <Text size={12} tone="soft">
                  {task.overdue < course.day
                    ? t('programmes.late', 'quá hạn')
                    : t('programmes.late-after', 'trễ sau {day}', { day: formatDate(dayText(task.overdue)) })}
                </Text>
              </Stack>
            ),
          },
          {
            key: 'act',
            title: t('programmes.col.act', 'Việc'),
            narrow: 6,
            draw: (task) =>
              task.form ? (
                <ButtonLink
                  small
                  to={`/bieu-mau/${encodeURIComponent(task.form)}?nguoi=${encodeURIComponent(patient)}`}
                >
                  {t('programmes.form', 'Điền phiếu')}
                </ButtonLink>
              ) : task.product && task.earliest <= course.day ? (
                <Button small onPress={() => onGive(task)}>
                  {t('programmes.give', 'Tiêm')}
                </Button>
              ) : null,
          },
        ]}
      />
    </Panel>
  );
}

function Acts({ course }: { course: Course }) {
  const words = {
    done: t('programmes.act.done', 'đã làm'),
    due: t('programmes.status.due', 'Đến hạn'),
    overdue: t('programmes.status.overdue', 'Quá hạn'),
    'not-yet-due': t('programmes.status.not-yet-due', 'Chưa đến hạn'),
    missed: t('programmes.act.missed', 'đã lỡ'),
    waiting: t('programmes.act.waiting', 'chờ ngày mốc'),
    'not-applicable': t('programmes.status.not-applicable', 'Không thuộc diện'),
  };
  return (
    <Panel title={t('programmes.acts', 'Lịch theo dõi')} flush>
      <Table
        label={t('programmes.acts', 'Lịch theo dõi')}
        rows={course.acts.filter(({ status }) => status !== 'not-applicable')}
        rowKey={(act) => act.key}
        columns={[
          {
            key: 'title',
            title: t('programmes.col.task', 'Việc cần làm'),
            narrow: 8,
            draw: (act) => act.title,
          },
          {
            key: 'status',
            title: t('programmes.col.state', 'Tình trạng'),
            narrow: 4,
            draw: (act) => (
              <Badge
                tone={
                  act.status === 'done'
                    ? 'done'
                    : act.status === 'overdue' || act.status === 'missed'
                      ? 'look'
                      : 'neutral'
                }
              >
                {words[act.status]}
              </Badge>
            ),
          },
          {
            key: 'done',
            title: t('programmes.col.last', 'Lần gần nhất'),
            narrow: 6,
            named: true,
            draw: (act) => (act.done.length > 0 ? formatDate(dayText(act.done.at(-1)!)) : '–'),
          },
          {
            key: 'next',
            title: t('programmes.col.next', 'Lần tới'),
            narrow: 6,
            named: true,
            draw: (act) => (act.dates ? formatDate(dayText(act.dates.due)) : '–'),
          },
        ]}
      />
    </Panel>
  );
}
