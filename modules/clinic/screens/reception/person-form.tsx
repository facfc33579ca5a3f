/** A new person: the form of the content, filled from the card, the likely duplicates beside it as it is typed. */
import { useEffect, useMemo, useState } from 'react';
import {
  api,
  Button,
  type FormState,
  Form as FormView,
  Grid,
  Loaded,
  Notice,
  Panel,
  Row,
  Stack,
  TextField,
  t,
  useForm,
  useQuery,
} from '../../../../web/ui/index.ts';
import { FormItem, type FormScope, Scope } from '../../../forms/screens/door.ts';
import type {
  Candidate,
  DeskForm,
  PersonForm as PersonFacts,
  PersonLine,
  Resolution,
} from '../../../people/index.ts';
import { Candidates } from './candidates.tsx';
import { DeskField } from './desk-field.tsx';
import { type Items, type OpenDesk, openDesk, type Values as Questions, valuesOf } from './desk-form.ts';
import { TypedItems } from './typed-items.ts';

/** The answers by linkId, and beside them what the desk itself asks. */
type Values = Questions & {
  /** Why none of the likely duplicates is this person. */
  [REASON]: string;
  /** Every answer as the form has it, from the first that is typed into the form itself. */
  [ITEMS]: Items;
};

/** No question of the form has this name (people/desk-form.ts sees to it). */
const REASON = 'reason';
/** No linkId: they have no brackets around them. */
const ITEMS = '[items]';
const NONE: Items = [];

interface Props {
  /** What the card said, or the name that was typed. */
  from: Partial<PersonFacts>;
  candidates: readonly Candidate[];
  onChoose: (person: PersonLine) => void;
  onCreated: (person: PersonLine) => void;
  onCancel: () => void;
}

/** The form in force: asked when the desk opens, so that it is there when somebody new comes. */
export const useDeskForm = () => useQuery<DeskForm>(['desk-form'], '/api/people/form');

export function PersonForm(props: Props) {
  return (
    <Loaded read={useDeskForm()}>{(definition) => <Opened {...props} definition={definition} />}</Loaded>
  );
}

function Opened(props: Props & { definition: DeskForm }) {
  const { definition, from } = props;
  const [desk, setDesk] = useState(() => openDesk(definition));
  const [likely, setLikely] = useState(props.candidates);
  const form = useForm<Values, { person: PersonLine }>({
    draft: `reception.person.${from.citizenNumber ?? from.insuranceNumber ?? from.name ?? ''}`,
    initial: { ...valuesOf(desk, from), [REASON]: '', [ITEMS]: NONE },
    check: desk.faults,
    send: (values) => api.post('/api/people', bodyOf(desk, values, likely)),
    onDone: ({ person }) => props.onCreated(person),
  });
  useItems(definition, form, desk, setDesk);
  const scope = useScopeOf(desk, form);
  useLikely(desk, form, setLikely);
  useRefusedDuplicates(form, setLikely);
  const probable = likely.some((each) => each.level === 'probable');
  const title = definition.form.title ?? t('reception.person', 'Người mới');
  const named = desk.form.language === 'vi' ? title : t('reception.person', 'Người mới');
  return (
    <Stack gap={16}>
      {likely.length > 0 && <Candidates candidates={likely} onChoose={props.onChoose} />}
      <Panel title={named}>
        <FormView form={form} label={named} finish={t('reception.person.save', 'Lưu hồ sơ')}>
          <Scope value={scope}>
            <Fields desk={desk} form={form} />
          </Scope>
          {probable && <NotDuplicate form={form} />}
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('reception.person.save', 'Lưu hồ sơ')}
            </Button>
            <Button kind="quiet" onPress={props.onCancel} keys="Escape">
              {t('reception.cancel', 'Bỏ qua')}
            </Button>
          </Row>
        </FormView>
      </Panel>
    </Stack>
  );
}

function Fields({ desk, form }: { desk: OpenDesk; form: FormState<Values> }) {
  const fields = desk.follow(form.values);
  const first = fields.find(({ state }) => state.type !== 'group' && state.type !== 'display');
  return (
    <Grid min={196}>
      {fields.map((field) => {
        const { linkId, path } = field.state;
        return (
          <DeskField
            key={path}
            field={field}
            first={field === first}
            error={form.errors[linkId]}
            onChange={(value) => {
              desk.set(linkId, value);
              form.set(linkId, value);
            }}
          />
        );
      })}
    </Grid>
  );
}

/** What items that are drawn whole stand in. */
function useScopeOf(desk: OpenDesk, { errors }: FormState<Values>): FormScope {
  return useMemo(
    () => ({
      form: desk.form,
      Item: FormItem,
      patient: '',
      readOnly: false,
      missing: new Map(Object.entries(errors)),
      previousAt: null,
    }),
    [desk, errors],
  );
}

/** What is typed into the form itself is kept with the draft, comes back with it, and goes when the draft is thrown away. */
function useItems(
  definition: DeskForm,
  form: FormState<Values>,
  desk: OpenDesk,
  setDesk: (desk: OpenDesk) => void,
): void {
  const { values, setAll } = form;
  const items = values[ITEMS];
  const [typed] = useState(() => new TypedItems<Items>(NONE));
  useEffect(
    () =>
      desk.form.onChange(() => {
        const now = [...(desk.form.response('in-progress').item ?? [])];
        typed.type(now);
        setAll((before) => ({ ...before, [ITEMS]: now }));
      }),
    [desk, setAll, typed],
  );
  useEffect(() => {
    if (typed.isNew(items)) setDesk(openDesk(definition, items));
  }, [definition, items, setDesk, typed]);
}

function NotDuplicate({ form }: { form: FormState<Values> }) {
  return (
    <Notice tone="look" title={t('reception.other-person', 'Nếu là người khác, ghi lý do')}>
      <TextField
        label={t('reception.other-person.reason', 'Vì sao không phải những người ở trên')}
        placeholder={t('reception.other-person.example', 'Ví dụ: anh em sinh đôi, đã xem giấy khai sinh')}
        {...form.field(REASON)}
      />
    </Notice>
  );
}

/** The server found duplicates that were not on the screen: they are shown now. */
function useRefusedDuplicates(form: FormState<Values>, set: (likely: readonly Candidate[]) => void): void {
  const { failure } = form;
  useEffect(() => {
    const found = (failure?.details as { candidates?: Candidate[] } | undefined)?.candidates;
    if (found) set(found);
  }, [failure, set]);
}

const WAIT = 600;

/** By these people are compared. */
const COMPARED = ['name', 'birthDate', 'sex', 'citizenNumber', 'insuranceNumber', 'phone'] as const;

/** Asks for likely duplicates again a moment after name, birth date, sex or a number were typed. */
function useLikely(
  desk: OpenDesk,
  form: FormState<Values>,
  set: (likely: readonly Candidate[]) => void,
): void {
  const { values } = form;
  const words = typeof values.name === 'string' ? values.name.trim().split(/\s+/).length : 0;
  const enough = words > 1 && Boolean(values.birthDate) && Boolean(values.sex);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is compared
  useEffect(() => {
    if (!enough) return;
    const abort = new AbortController();
    const ask = async () => {
      const body = { answers: desk.answers(values) };
      const found = await api.post<Resolution>('/api/people/resolve', body, {
        signal: abort.signal,
        impatient: true,
      });
      set(found.candidates);
    };
    // A failure here changes nothing: the server checks again when the form is sent.
    const timer = window.setTimeout(() => void ask().catch(() => undefined), WAIT);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [enough, ...COMPARED.map((linkId) => values[linkId])]);
}

function bodyOf(desk: OpenDesk, values: Values, likely: readonly Candidate[]) {
  const reason = values[REASON];
  const others = likely.filter((each) => each.level === 'probable').map((each) => each.person.id);
  return {
    answers: desk.answers(values),
    reason,
    confirmedNotDuplicateOf: reason.trim() === '' ? [] : others,
  };
}
