/** A new person: the form filled from the card, the likely duplicates beside it as it is typed. */
import { useEffect, useState } from 'react';
import {
  api,
  Button,
  CodeSearch,
  DateField,
  type Faults,
  Form,
  type FormState,
  type Found,
  Grid,
  Notice,
  Panel,
  Row,
  SelectField,
  Stack,
  TextField,
  t,
  useForm,
  useQuery,
} from '../../../../web/ui/index.ts';
import type { Candidate, PersonForm as PersonFacts, PersonLine, Resolution } from '../../../people/index.ts';
import { Candidates } from './candidates.tsx';

interface Values {
  name: string;
  birthDate: string | null;
  sex: string;
  citizenNumber: string;
  oldNumber: string;
  insuranceNumber: string;
  phone: string;
  commune: Found | null;
  line: string;
  mother: string;
  ethnicity: string;
  occupation: string;
  /** Why none of the likely duplicates is this person. */
  reason: string;
}

/** @param props.from what the card said, or the name that was typed */
export function PersonForm(props: {
  from: Partial<PersonFacts>;
  candidates: readonly Candidate[];
  onChoose: (person: PersonLine) => void;
  onCreated: (person: PersonLine) => void;
  onCancel: () => void;
}) {
  const [likely, setLikely] = useState(props.candidates);
  const form = useForm<Values, { person: PersonLine }>({
    draft: `reception.person.${props.from.citizenNumber ?? props.from.insuranceNumber ?? props.from.name ?? ''}`,
    initial: valuesOf(props.from),
    check: faultsOf,
    send: (values) => api.post('/api/people', bodyOf(values, likely)),
    onDone: ({ person }) => props.onCreated(person),
  });
  useLikely(form, setLikely);
  const probable = likely.some((each) => each.level === 'probable');
  useCommuneName(form);
  useRefusedDuplicates(form, setLikely);
  return (
    <Stack gap={16}>
      {likely.length > 0 && <Candidates candidates={likely} onChoose={props.onChoose} />}
      <Panel title={t('reception.person', 'Người mới')}>
        <Form
          form={form}
          label={t('reception.person', 'Người mới')}
          finish={t('reception.person.save', 'Lưu hồ sơ')}
        >
          <Fields form={form} />
          {probable && <NotDuplicate form={form} />}
          <Row gap={8}>
            <Button kind="primary" submit busy={form.busy}>
              {t('reception.person.save', 'Lưu hồ sơ')}
            </Button>
            <Button kind="quiet" onPress={props.onCancel} keys="Escape">
              {t('reception.cancel', 'Bỏ qua')}
            </Button>
          </Row>
        </Form>
      </Panel>
    </Stack>
  );
}

function Fields({ form }: { form: FormState<Values> }) {
  return (
    <Grid min={196}>
      <TextField label={t('reception.name', 'Họ tên')} required autoFocus {...form.field('name')} />
      <DateField label={t('reception.birth', 'Ngày sinh')} required {...form.field('birthDate')} />
      <SelectField
        label={t('reception.sex', 'Giới tính')}
        required
        choices={sexes()}
        {...form.field('sex')}
      />
      <TextField
        label={t('reception.citizen-number', 'Số căn cước')}
        inputMode="numeric"
        {...form.field('citizenNumber')}
      />
      <TextField label={t('reception.insurance-number', 'Số thẻ BHYT')} {...form.field('insuranceNumber')} />
      <TextField label={t('reception.phone', 'Điện thoại')} inputMode="tel" {...form.field('phone')} />
      <CodeSearch
        label={t('reception.commune', 'Xã, phường')}
        name="commune"
        search={findCommunes}
        value={form.values.commune}
        onChoose={(found) => form.set('commune', found)}
        onClear={() => form.set('commune', null)}
      />
      <TextField label={t('reception.line', 'Thôn, số nhà')} {...form.field('line')} />
      <TextField label={t('reception.mother', 'Mẹ hoặc người giám hộ (trẻ em)')} {...form.field('mother')} />
      <ListField form={form} name="ethnicity" list="dan-toc" label={t('reception.ethnicity', 'Dân tộc')} />
      <ListField
        form={form}
        name="occupation"
        list="nghe-nghiep"
        label={t('reception.occupation', 'Nghề nghiệp')}
      />
    </Grid>
  );
}

function ListField(props: {
  form: FormState<Values>;
  name: 'ethnicity' | 'occupation';
  list: string;
  label: string;
}) {
  const read = useQuery<{ code: string; display: string }[]>(
    ['list', props.list],
    `/api/terminology/${props.list}/search?limit=200`,
  );
  const choices = (read.data ?? []).map(({ code, display }) => ({ value: code, label: display }));
  return (
    <SelectField
      label={props.label}
      choices={choices}
      empty={t('reception.not-asked', 'Chưa hỏi')}
      {...props.form.field(props.name)}
    />
  );
}

function NotDuplicate({ form }: { form: FormState<Values> }) {
  return (
    <Notice tone="look" title={t('reception.other-person', 'Nếu là người khác, ghi lý do')}>
      <TextField
        label={t('reception.other-person.reason', 'Vì sao không phải những người ở trên')}
        placeholder={t('reception.other-person.example', 'Ví dụ: anh em sinh đôi, đã xem giấy khai sinh')}
        {...form.field('reason')}
      />
    </Notice>
  );
}

async function findCommunes(typed: string, signal: AbortSignal): Promise<Found[]> {
  const path = `/api/places/units?level=commune&q=${encodeURIComponent(typed)}`;
  const units = await api.get<{ code: string; name: string; parent: string }[]>(path, { signal });
  return units.map(({ code, name }) => ({ code, label: name }));
}

/** The card gives a code; its name is read so that the field shows words. */
function useCommuneName(form: FormState<Values>): void {
  const { commune } = form.values;
  const code = commune && commune.label === commune.code ? commune.code : null;
  const path = code ? `/api/places/units/${encodeURIComponent(code)}` : null;
  const read = useQuery<{ unit: { code: string; name: string } }>(['unit', code], path);
  const unit = read.data?.unit;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the name arrives
  useEffect(() => {
    if (unit && unit.code === code) form.set('commune', { code: unit.code, label: unit.name });
  }, [unit?.code, code]);
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

/** Asks for likely duplicates again a moment after name, birth date, sex or a number were typed. */
function useLikely(form: FormState<Values>, set: (likely: readonly Candidate[]) => void): void {
  const { name, birthDate, sex, citizenNumber, insuranceNumber, phone } = form.values;
  const enough = name.trim().split(/\s+/).length > 1 && birthDate !== null && sex !== '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is compared
  useEffect(() => {
    if (!enough) return;
    const abort = new AbortController();
    const ask = async () => {
      const body = { form: bodyOf(form.values, []) };
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
  }, [enough, name, birthDate, sex, citizenNumber, insuranceNumber, phone]);
}

function valuesOf(from: Partial<PersonFacts>): Values {
  return {
    name: from.name ?? '',
    birthDate: from.birthDate ?? null,
    sex: from.sex ?? '',
    citizenNumber: from.citizenNumber ?? '',
    oldNumber: from.oldNumber ?? '',
    insuranceNumber: from.insuranceNumber ?? '',
    phone: from.phones?.[0] ?? '',
    commune: from.commune ? { code: from.commune, label: from.commune } : null,
    line: from.line ?? '',
    mother: from.mother ?? '',
    ethnicity: '',
    occupation: '',
    reason: '',
  };
}

function bodyOf(values: Values, likely: readonly Candidate[]) {
  const { commune, birthDate, ...texts } = values;
  const others = likely.filter((each) => each.level === 'probable').map((each) => each.person.id);
  return {
    ...texts,
    birthDate: birthDate ?? '',
    commune: commune?.code ?? '',
    confirmedNotDuplicateOf: values.reason.trim() === '' ? [] : others,
  };
}

function faultsOf(values: Values): Faults<Values> {
  return {
    ...(values.name.trim() === ''
      ? { name: t('reception.name.missing', 'Nhập họ tên như trên giấy tờ.') }
      : {}),
    ...(values.birthDate === null
      ? { birthDate: t('reception.birth.missing', 'Nhập ngày sinh, hoặc chỉ năm nếu không rõ.') }
      : {}),
    ...(values.sex === '' ? { sex: t('reception.sex.missing', 'Chọn giới tính.') } : {}),
  };
}

function sexes() {
  return [
    { value: 'male', label: t('ui.sex.male', 'Nam') },
    { value: 'female', label: t('ui.sex.female', 'Nữ') },
    { value: 'other', label: t('ui.sex.other', 'Khác') },
    { value: 'unknown', label: t('ui.sex.unknown', 'Chưa rõ') },
  ];
}
