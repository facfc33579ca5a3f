/** One answered form to read, print and amend; its earlier versions stay to be seen. */
import type { ReactNode } from 'react';
import type {
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponseItem,
} from '../../../kernel/fhir/types.ts';
import {
  Badge,
  type BannerPerson,
  Button,
  ButtonLink,
  Facts,
  formatDate,
  formatDateTime,
  formatSex,
  Heading,
  KEYS,
  Link,
  Loaded,
  Notice,
  Page,
  Panel,
  PatientBanner,
  Row,
  type ScreenProps,
  SelectField,
  Text,
  t,
  useKeys,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { type AnswerView, OF_UNIT } from '../contract.ts';
import { CancelAnswer } from './cancel-answer.tsx';
import { fileAddress } from './fill/attachment-control.tsx';
import { answerWords } from './fill/compare.ts';
import { versionName } from './version-name.ts';
import './fill/fill.css';

export default function AnswerScreen({ params }: ScreenProps) {
  const id = params.id ?? '';
  const [version, setVersion] = useUrlState('ban');
  const asked = version === '' ? '' : `?version=${encodeURIComponent(version)}`;
  const read = useQuery<AnswerView>(
    ['forms', 'answer', id, version],
    `/api/forms/answers/${encodeURIComponent(id)}${asked}`,
  );
  return (
    <Page title={read.data?.form.title ?? t('forms.answer', 'Phiếu đã điền')} hideTitle>
      <Loaded read={read} lines={12}>
        {(answer) => <Answer answer={answer} onVersion={setVersion} />}
      </Loaded>
    </Page>
  );
}

function Answer(props: { answer: AnswerView; onVersion: (version: string) => void }) {
  const { answer } = props;
  const { form, response, patient, history } = answer;
  const person = useQuery<BannerPerson>(
    ['person', patient],
    patient === OF_UNIT ? null : `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  const key = (form.url ?? '').split('/').at(-1) ?? '';
  const shown = Number(response.meta?.versionId);
  const newest = history[0]!;
  // What is in force of a person is issued as a paper; an earlier version, a cancelled form, or one of the unit is printed as it is seen.
  const isPaper = patient !== OF_UNIT && shown === newest.version && newest.status !== 'entered-in-error';
  const print = () => {
    if (!isPaper) return window.print();
    window.open(`/api/documents/answers/${encodeURIComponent(response.id!)}/paper.pdf`, '_blank', 'noopener');
  };
  useKeys([{ key: KEYS.print, label: t('forms.print', 'In'), run: print }]);
  const acts = (
    <>
      <ButtonLink to={`/bieu-mau?nguoi=${encodeURIComponent(patient)}`}>
        {t('forms.all', 'Các phiếu')}
      </ButtonLink>
      <Button onPress={print}>{t('forms.print', 'In')}</Button>
      {answer.mayAmend && (
        <ButtonLink
          to={`/bieu-mau/${encodeURIComponent(key)}?nguoi=${encodeURIComponent(patient)}&sua=${response.id}`}
        >
          {t('forms.amend', 'Sửa phiếu')}
        </ButtonLink>
      )}
      {answer.mayAmend && shown === newest.version && (
        <CancelAnswer id={response.id!} seen={newest.version} />
      )}
    </>
  );
  return (
    <>
      <div className="yb-no-print">
        {patient === OF_UNIT ? (
          <Row gap={8} spread wrap>
            <Text tone="soft">{t('forms.of-unit', 'Phiếu của đơn vị')}</Text>
            <Row gap={8} wrap>
              {acts}
            </Row>
          </Row>
        ) : (
          <Loaded read={person}>{(found) => <PatientBanner person={found} acts={acts} />}</Loaded>
        )}
      </div>
      {shown !== newest.version && (
        <Notice
          tone="look"
          title={t('forms.old-version', 'Đang xem bản cũ; bản đang có hiệu lực ghi lúc {at}.', {
            at: formatDateTime(newest.at),
          })}
        />
      )}
      {newest.status === 'entered-in-error' && (
        <Notice
          tone="danger"
          title={t('forms.cancelled', 'Phiếu này đã huỷ vì ghi nhầm; không dùng để điều trị.')}
        />
      )}
      {answer.people.length > 0 && <MadePeople people={answer.people} />}
      <Panel>
        <Head answer={answer} person={person.data ?? null} onVersion={props.onVersion} />
        <div className="fm-answers">
          <Answers form={form} items={response.item ?? []} questions={form.item ?? []} level={2} />
        </div>
        <div className="fm-signature">
          <span />
          <span>
            {t('forms.signed', 'Người điền')}
            <br />
            <br />
            <br />
            {response.author?.display ?? ''}
          </span>
        </div>
      </Panel>
    </>
  );
}

/** Whom the form made: the way on to what is done for them next. */
function MadePeople({ people }: { people: AnswerView['people'] }) {
  return (
    <div className="yb-no-print">
      <Notice tone="done" title={t('forms.made', 'Đã lập hồ sơ từ phiếu này')}>
        <Row gap={12} wrap>
          {people.map(({ id, name }) => (
            <Link key={id} to={`/ho-so/${encodeURIComponent(id)}`}>
              {name}
            </Link>
          ))}
        </Row>
      </Notice>
    </div>
  );
}

function Head(props: {
  answer: AnswerView;
  person: BannerPerson | null;
  onVersion: (version: string) => void;
}) {
  const { form, response, history } = props.answer;
  const { person } = props;
  const shown = String(response.meta?.versionId);
  return (
    <>
      <Heading level={2} size={20}>
        {form.title ?? ''}
      </Heading>
      <Facts
        items={[
          ...(person
            ? ([
                [t('forms.person-name', 'Họ và tên'), person.name],
                [
                  t('forms.person-born', 'Sinh'),
                  `${formatDate(person.birthDate)} · ${formatSex(person.gender)}`,
                ],
                ...person.identifiers.slice(0, 1).map(({ label, value }) => [label, value] as const),
              ] as const)
            : []),
          [t('forms.at', 'Lúc'), formatDateTime(response.authored ?? '')],
          [t('forms.author', 'Người điền'), response.author?.display ?? ''],
          [t('forms.version', 'Phiên bản'), versionName(form.version ?? '')],
        ]}
      />
      {history.length > 1 && (
        <div className="yb-no-print">
          <SelectField
            label={t('forms.history', 'Các lần ghi')}
            value={shown}
            onChange={(value) => props.onVersion(value === String(history[0]!.version) ? '' : value)}
            width={420}
            choices={history.map((one) => ({
              value: String(one.version),
              label: [formatDateTime(one.at), one.author, statusWords(one.status)]
                .filter(Boolean)
                .join(' · '),
            }))}
          />
        </div>
      )}
      {response.status === 'amended' && <Badge tone="info">{t('forms.amended', 'Đã sửa')}</Badge>}
    </>
  );
}

function statusWords(status: string): string {
  if (status === 'entered-in-error') return t('forms.cancelled-short', 'Đã huỷ');
  return status === 'amended' ? t('forms.amended', 'Đã sửa') : t('forms.first', 'Bản đầu');
}

/** Answers in the order of the form, with the words of the version that they were given to. */
function Answers(props: {
  form: Questionnaire;
  items: readonly QuestionnaireResponseItem[];
  questions: readonly QuestionnaireItem[];
  level: number;
}): ReactNode {
  return props.questions.map((question) => {
    const given = props.items.filter(({ linkId }) => linkId === question.linkId);
    if (given.length === 0 || isHidden(question)) return null;
    if (question.type === 'group')
      return given.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: repeats are told apart by their place alone
        <section key={`${question.linkId} ${at}`} className="fm-group" data-level={props.level}>
          <Heading level={3}>
            {`${question.prefix ? `${question.prefix} ` : ''}${question.text ?? ''}${given.length > 1 ? ` (${at + 1})` : ''}`}
          </Heading>
          <Answers
            {...props}
            items={one.item ?? []}
            questions={question.item ?? []}
            level={props.level + 1}
          />
        </section>
      ));
    return given.map((one) => (
      <AnsweredQuestion key={question.linkId} {...props} question={question} given={one} />
    ));
  });
}

function AnsweredQuestion(props: {
  form: Questionnaire;
  question: QuestionnaireItem;
  given: QuestionnaireResponseItem;
  level: number;
}) {
  const { question, given } = props;
  const answers = given.answer ?? [];
  return (
    <>
      <dl className="fm-answer">
        <dt>{`${question.prefix ? `${question.prefix} ` : ''}${question.text ?? question.linkId}`}</dt>
        <dd>
          {answers.map((answer) => {
            const file = 'valueAttachment' in answer ? answer.valueAttachment : undefined;
            const href = file && fileAddress(file);
            if (href)
              return (
                <FileAnswer
                  key={wholeOf(answer)}
                  href={href}
                  title={file.title ?? ''}
                  type={file.contentType ?? ''}
                />
              );
            return <div key={wholeOf(answer)}>{answerWords(answer, question)}</div>;
          })}
        </dd>
      </dl>
      {answers.map((answer) => (
        <Answers
          key={wholeOf(answer)}
          form={props.form}
          items={answer.item ?? []}
          questions={question.item ?? []}
          level={props.level}
        />
      ))}
    </>
  );
}

/** What the form keeps for itself nobody has typed, and nobody reads. */
const isHidden = ({ extension = [] }: QuestionnaireItem) =>
  extension.some(({ url, valueBoolean }) => url === HIDDEN && valueBoolean === true);
const HIDDEN = 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden';

/** Tells one answer of a question from another. */
const wholeOf = (answer: object) => JSON.stringify(answer);

function FileAnswer(props: { href: string; title: string; type: string }) {
  return (
    <a href={props.href} target="_blank" rel="noopener">
      {props.type.startsWith('image/') && <img className="fm-picture" src={props.href} alt={props.title} />}{' '}
      {props.title}
    </a>
  );
}
