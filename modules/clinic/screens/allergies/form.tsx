/** One allergy, typed: substance from the list or in words, category, criticality, reaction, since when. */
import { useEffect, useRef } from 'react';
import {
  api,
  Button,
  CodeSearch,
  ConflictView,
  DateField,
  Dialog,
  Form,
  type Found,
  Grid,
  Notice,
  Row,
  SelectField,
  Stack,
  TextField,
  t,
  useForm,
  useMutation,
} from '../../../../web/ui/index.ts';
import type { AllergiesView, AllergyInput, AllergyRow, SubstanceRow } from '../../contract.ts';
import { CATEGORIES, CRITICALITIES, categoryWord, comparedFields, criticalityWord } from './words.ts';

const NOTHING: AllergyInput = {
  substance: '',
  text: '',
  category: '',
  criticality: '',
  reaction: '',
  onset: null,
};

export function AllergyForm(props: {
  patient: string;
  /** The allergy that is changed; null records a new one. */
  row: AllergyRow | null;
  onDone: (view: AllergiesView) => void;
  onCancel: (() => void) | null;
}) {
  const { row } = props;
  const at = `/api/clinic/people/${encodeURIComponent(props.patient)}/allergies`;
  const put = (values: AllergyInput, over: AllergyRow) =>
    api.put<AllergiesView>(`${at}/${encodeURIComponent(over.id)}`, values, { ifMatch: over.version });
  const form = useForm<AllergyInput, AllergiesView>({
    draft: `allergy.${props.patient}.${row ? `${row.id}.${row.version}` : 'new'}`,
    initial: row?.input ?? NOTHING,
    check,
    send: (values) => (row ? put(values, row) : api.post<AllergiesView>(at, values)),
    onDone: props.onDone,
  });
  const choose = (found: FoundSubstance) => form.setAll((now) => ({ ...now, ...chosen(found, now) }));
  const theirs = (form.conflict as { current?: AllergyRow } | undefined)?.current;
  const first = useFirstField();
  const title = row ? t('clinic.allergies.change', 'Sửa dị ứng') : t('clinic.allergies.new', 'Ghi dị ứng');
  return (
    <Form form={form} label={title} finish={t('clinic.allergies.save', 'Lưu dị ứng')}>
      <Stack gap={12}>
        <CodeSearch
          label={t('clinic.allergies.substance', 'Dị ứng với')}
          name="text"
          required
          inputRef={first}
          search={searchSubstances}
          onChoose={choose}
          value={form.values.text ? { code: form.values.substance, label: form.values.text } : null}
          onClear={() => form.setAll((now) => ({ ...now, substance: '', text: '' }))}
          placeholder={t('clinic.allergies.hint', 'Gõ tên thuốc, thức ăn… không cần dấu')}
          hint={
            form.values.text && !form.values.substance && form.values.category === 'medication'
              ? t(
                  'clinic.allergies.uncoded',
                  'Thuốc ghi bằng chữ thì máy không so được với đơn: chọn hoạt chất nếu có.',
                )
              : undefined
          }
          least={2}
          ranked
        />
        <Grid min={220}>
          <SelectField
            label={t('clinic.allergies.category', 'Loại')}
            required
            choices={CATEGORIES.map((value) => ({ value, label: categoryWord(value) }))}
            {...form.field('category')}
            onChange={(value) => form.set('category', value as AllergyInput['category'])}
          />
          <SelectField
            label={t('clinic.allergies.criticality', 'Mức nguy hiểm')}
            required
            choices={CRITICALITIES.map((value) => ({ value, label: criticalityWord(value) }))}
            {...form.field('criticality')}
            onChange={(value) => form.set('criticality', value as AllergyInput['criticality'])}
          />
        </Grid>
        <TextField
          label={t('clinic.allergies.reaction', 'Biểu hiện')}
          placeholder={t('clinic.allergies.reaction-hint', 'Nổi mề đay, khó thở…')}
          {...form.field('reaction')}
        />
        <DateField
          label={t('clinic.allergies.onset', 'Từ khi nào')}
          hint={t('clinic.allergies.onset-hint', 'Năm, tháng hoặc ngày; để trống nếu không rõ')}
          {...form.field('onset')}
        />
        <Row gap={8}>
          <Button kind="primary" submit busy={form.busy}>
            {t('clinic.allergies.save', 'Lưu dị ứng')}
          </Button>
          {props.onCancel && (
            <Button
              kind="quiet"
              onPress={() => {
                form.discard();
                props.onCancel?.();
              }}
            >
              {t('clinic.allergies.leave', 'Thôi, không ghi')}
            </Button>
          )}
        </Row>
      </Stack>
      {theirs && (
        <Conflict
          yours={form.values}
          theirs={theirs}
          write={put}
          onClose={form.dismissConflict}
          onDone={(view) => {
            form.discard();
            form.dismissConflict();
            props.onDone(view);
          }}
        />
      )}
    </Form>
  );
}

/** The form comes after what is known was read, later than a dialog looks for its first field. */
function useFirstField() {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => first.current?.focus());
    return () => window.clearTimeout(timer);
  }, []);
  return first;
}

/** Both versions; what is chosen is written over the one that stands. */
function Conflict(props: {
  yours: AllergyInput;
  theirs: AllergyRow;
  write: (merged: AllergyInput, over: AllergyRow) => Promise<AllergiesView>;
  onClose: () => void;
  onDone: (view: AllergiesView) => void;
}) {
  const { theirs } = props;
  const keep = useMutation((merged: AllergyInput) => props.write(merged, theirs));
  return (
    <Dialog
      title={t('clinic.allergies.conflict', 'Hai bản của một dị ứng')}
      opened
      onClose={props.onClose}
      width={760}
    >
      {keep.error && <Notice tone="danger" title={keep.error.message} />}
      <ConflictView<AllergyInput>
        yours={props.yours}
        theirs={theirs.input}
        fields={comparedFields()}
        onKeep={(merged) =>
          void keep.run({ ...merged, substance: substanceOf(merged, props) }).then(props.onDone, stay)
        }
        onCancel={props.onClose}
      />
    </Dialog>
  );
}

/** The code goes with the words that were chosen. */
function substanceOf(
  merged: AllergyInput,
  { yours, theirs }: { yours: AllergyInput; theirs: AllergyRow },
): string {
  return merged.text === theirs.input.text ? theirs.input.substance : yours.substance;
}

/** The failure is shown by the dialog. */
function stay(): void {}

function check(values: AllergyInput): Partial<Record<keyof AllergyInput, string>> {
  return {
    ...(values.text ? {} : { text: t('clinic.allergies.text-missing', 'Ghi dị ứng với chất gì.') }),
    ...(values.category ? {} : { category: t('clinic.allergies.category-missing', 'Chọn loại.') }),
    ...(values.criticality
      ? {}
      : { criticality: t('clinic.allergies.criticality-missing', 'Chọn mức nguy hiểm.') }),
  };
}

interface FoundSubstance extends Found {
  /** Known by its words only. */
  words: boolean;
}

/** What was typed stands last in the list: food and everything else without a code. */
async function searchSubstances(typed: string, signal: AbortSignal): Promise<FoundSubstance[]> {
  const path = `/api/clinic/substances/search?q=${encodeURIComponent(typed)}`;
  const rows = await api.get<SubstanceRow[]>(path, { signal });
  const found = rows.map((row) => ({
    code: row.code,
    label: row.name,
    note: row.kind === 'group' ? t('clinic.allergies.group', 'nhóm thuốc') : row.inn,
    words: false,
  }));
  const note = t('clinic.allergies.as-words', 'ghi bằng chữ');
  return [...found, { code: '', label: typed.trim(), note, words: true }];
}

/** A substance of the list is a medicine; what else is one is for the person to say. */
function chosen(found: FoundSubstance, now: AllergyInput): Partial<AllergyInput> {
  return {
    substance: found.words ? '' : found.code,
    text: found.label,
    category: found.words ? now.category : 'medication',
  };
}
